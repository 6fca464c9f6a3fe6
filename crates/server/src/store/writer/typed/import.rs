//! Devices from a spreadsheet: all rows or none.

use std::collections::{BTreeMap, BTreeSet};

use report::FieldError;

use super::super::super::connection::Connection;
use super::super::devices::Devices;
use super::super::{Change, Ledger};
use super::create::{make, taken};
use super::references::{Wanted, misfits};
use super::retype;
use crate::domain::change::Author;
use crate::domain::device_edit::{ImportRow, Imported, Refusal};
use crate::domain::typed::Typed;

/// Changes and makes the devices of every row.
pub(in crate::store) struct ImportDevices {
    pub(in crate::store) rows: Vec<ImportRow>,
    /// Only says what would be done.
    pub(in crate::store) dry_run: bool,
    pub(in crate::store) author: Author,
}

/// More errors than this help nobody.
const MOST_ERRORS: usize = 100;

impl Change for ImportDevices {
    type Done = Result<Imported, Refusal>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let known = self.rows.iter().filter_map(|row| row.id).collect::<BTreeSet<_>>();
        let mut devices = Devices::lock(connection, known).await?;
        let mut plan = Plan::of(&self.rows, &mut devices);
        plan.names_are_free(connection, &self.rows).await?;
        if plan.errors.is_empty() {
            plan.errors = misfits(connection, &plan.wanted(&self.rows, &devices)).await?;
        }
        if !plan.errors.is_empty() {
            plan.errors.truncate(MOST_ERRORS);
            return Ok(Err(Refusal::Invalid(plan.errors)));
        }
        let mut done = Imported { dry_run: self.dry_run, ..Imported::default() };
        let mut new: Vec<(&str, &Typed)> = Vec::new();
        for (row, typed) in self.rows.iter().zip(&plan.typed) {
            let Some(device) = row.id.and_then(|id| devices.find_mut(id)) else {
                new.extend(plan.names.get(&row.number).map(|name| (name.as_str(), typed)));
                continue;
            };
            match retype(device, typed.clone(), &self.author) {
                Some(entry) => {
                    done.updated += 1;
                    ledger.note(&self.author, entry);
                }
                None => done.unchanged += 1,
            }
        }
        done.created = new.len() as u64;
        if self.dry_run {
            *ledger = Ledger::default();
            return Ok(Ok(done));
        }
        devices.save(connection).await?;
        done.created_ids = make(connection, ledger, &new, &self.author).await?;
        Ok(Ok(done))
    }
}

/// What every row comes to, and what speaks against it.
#[derive(Default)]
struct Plan {
    /// What is typed of the device of each row from then on.
    typed: Vec<Typed>,
    /// The `device_identifier` of each device that is made, by the number of its row.
    names: BTreeMap<u64, String>,
    /// All of them.
    named: BTreeSet<String>,
    errors: Vec<FieldError>,
}

impl Plan {
    fn of(rows: &[ImportRow], devices: &mut Devices) -> Self {
        let mut plan = Self::default();
        let mut seen = BTreeSet::new();
        for row in rows {
            let device = row.id.and_then(|id| devices.find_mut(id).map(|device| &*device));
            let mut typed = device.map(|device| device.typed.clone()).unwrap_or_default();
            for (column, cell) in &row.cells {
                if let Err(error) = typed.set_cell(column, cell) {
                    plan.refuse(row, &error.path, error.message);
                }
            }
            match (row.id, device) {
                (Some(id), None) => {
                    plan.refuse(row, "id", format!("{id}, but there is no device with this id"))
                }
                (Some(id), Some(_)) if !seen.insert(id) => {
                    plan.refuse(row, "id", format!("{id}, which another row has too"));
                }
                (Some(_), Some(device)) => plan.must_agree(row, &device.device_identifier, device.version),
                (None, _) => plan.name(row, &typed),
            }
            plan.typed.push(typed);
        }
        plan
    }

    fn refuse(&mut self, row: &ImportRow, column: &str, message: String) {
        self.errors.push(FieldError::new(format!("row {}.{column}", row.number), message));
    }

    /// What the row says of a known device that no import changes.
    fn must_agree(&mut self, row: &ImportRow, name: &str, version: i64) {
        if row.device_identifier.as_ref().is_some_and(|given| given.as_str() != name) {
            self.refuse(row, "device_identifier", format!("expected {name:?}: it does not change"));
        }
        if row.version.is_some_and(|given| given != version) {
            let message = format!("expected {version}: the device was changed since this was exported");
            self.refuse(row, "version", message);
        }
    }

    /// The name under which the device of a row without an id is made.
    fn name(&mut self, row: &ImportRow, typed: &Typed) {
        let given = row.device_identifier.as_ref().map(|name| name.as_str().to_owned());
        let Some(name) = given.or_else(|| typed.name.as_deref().map(str::to_owned)) else {
            let message = "missing, expected a name, or an id or a device_identifier".to_owned();
            return self.refuse(row, "name", message);
        };
        if !self.named.insert(name.clone()) {
            self.refuse(row, "device_identifier", format!("{name:?}, which another row has too"));
        }
        self.names.insert(row.number, name);
    }

    async fn names_are_free(
        &mut self,
        connection: &mut Connection,
        rows: &[ImportRow],
    ) -> Result<(), sqlx::Error> {
        let names: Vec<&str> = self.names.values().map(String::as_str).collect();
        let taken = taken(connection, &names).await?;
        for row in rows {
            let by = self.names.get(&row.number).and_then(|name| Some((name.clone(), *taken.get(name)?)));
            if let Some((name, by)) = by {
                let message = format!("{name:?}, which is device {by}'s: give its id to change it");
                self.refuse(row, "device_identifier", message);
            }
        }
        Ok(())
    }

    fn wanted<'a>(&'a self, rows: &[ImportRow], devices: &'a Devices) -> Vec<Wanted<'a>> {
        let wanted = rows.iter().zip(&self.typed).map(|(row, typed)| Wanted {
            device: row.id.and_then(|id| devices.find(id)),
            place: format!("row {}.", row.number),
            typed,
        });
        wanted.collect()
    }
}
