//! A device goes with everything that it has; its reports are refused from then on.

use std::collections::BTreeSet;

use report::Timestamp;

use super::super::super::connection::Connection;
use super::super::super::stored;
use super::super::super::value::Value;
use super::super::devices::Devices;
use super::super::shown;
use super::super::{Change, Ledger};
use super::{UpdateDevices, lock_one, retype};
use crate::domain::change::{Author, Entry};
use crate::domain::device::DeviceHint;
use crate::domain::device_edit::{Belongings, IfMatch, Refusal};
use crate::domain::typed::Id;

/// Deletes a device, if its name is given.
pub(in crate::store) struct DeleteDevice {
    pub(in crate::store) id: i64,
    /// Its name, as whoever deletes it gave it.
    pub(in crate::store) confirm: Option<String>,
    pub(in crate::store) expected: Option<IfMatch>,
    pub(in crate::store) author: Author,
}

impl Change for DeleteDevice {
    /// What went with it.
    type Done = Result<Belongings, Refusal>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let mut devices = match lock_one(connection, self.id, self.expected.as_ref()).await? {
            Ok(devices) => devices,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let device = devices.get_mut(self.id);
        let (name, model_key) = (device.name().to_owned(), device.shown().model_key);
        let belongings = belongings(connection, self.id, &model_key).await?;
        if self.confirm.as_deref() != Some(name.as_str()) {
            return Ok(Err(Refusal::NotConfirmed { name, belongings }));
        }
        bury(connection, self.id, self.author.at).await?;
        settle_hints(connection, self.id, None).await?;
        rehost(connection, ledger, &self.author, (self.id, None)).await?;
        shown::leave_documents(connection, &model_key, self.id).await?;
        let documents = documents(connection, self.id).await?;
        connection.execute("delete from devices where id = $1", vec![self.id.into()]).await?;
        UpdateDevices::forget_photos(connection, ledger, &self.author, &documents).await?;
        ledger.note(&self.author, Entry::new("device.delete", self.id, name).with(belongings));
        Ok(Ok(belongings))
    }
}

/// What a device has: documents of its model too, if no other device has that.
async fn belongings(
    connection: &mut Connection,
    id: i64,
    model_key: &str,
) -> Result<Belongings, sqlx::Error> {
    let sql = "select (select count(*) from benchmarks where device_id = $1), \
               (select count(*) from hardware_snapshots where device_id = $1), \
               (select count(*) from manufacturer_links where device_id = $1), \
               (select count(*) from documents where device_id = $1 or (model_key = $2 \
               and not exists (select 1 from devices where model_key = $2 and id <> $1)))";
    let rows = connection.fetch(sql, vec![id.into(), model_key.into()]).await?;
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let count = |column| Ok::<_, sqlx::Error>(stored::count(row.get(column)?));
    Ok(Belongings { benchmarks: count(0)?, snapshots: count(1)?, links: count(2)?, documents: count(3)? })
}

async fn documents(connection: &mut Connection, id: i64) -> Result<BTreeSet<i64>, sqlx::Error> {
    let rows = connection.fetch("select id from documents where device_id = $1", vec![id.into()]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Deletes its benchmarks, and leaves a tombstone for the report of each; then its snapshots, to which they referred.
async fn bury(connection: &mut Connection, id: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into tombstones (report_id, deleted_at) \
               select report_id, cast($2 as bigint) from benchmarks where device_id = $1 \
               on conflict (report_id) do nothing";
    connection.execute(sql, vec![id.into(), now.as_ms().into()]).await?;
    for sql in
        ["delete from benchmarks where device_id = $1", "delete from hardware_snapshots where device_id = $1"]
    {
        connection.execute(sql, vec![id.into()]).await?;
    }
    Ok(())
}

/// Hints of other devices that name this one name `instead` from now on, or go.
pub(super) async fn settle_hints(
    connection: &mut Connection,
    gone: i64,
    instead: Option<i64>,
) -> Result<(), sqlx::Error> {
    let sql = "select id, hints_json from devices where hints_json <> '[]' order by id";
    for row in connection.fetch(sql, Vec::new()).await? {
        let (id, hints): (i64, Vec<DeviceHint>) = (row.get(0)?, stored::hints(&row.get::<String>(1)?)?);
        let settled = settled(&hints, id, gone, instead);
        if settled != hints {
            let sql = "update devices set hints_json = $2 where id = $1";
            connection.execute(sql, vec![id.into(), stored::hints_json(&settled)?.into()]).await?;
        }
    }
    Ok(())
}

/// The hints of a device, once another is gone; those that are left without a device to name say nothing.
pub(super) fn settled(hints: &[DeviceHint], own: i64, gone: i64, instead: Option<i64>) -> Vec<DeviceHint> {
    let mut settled: Vec<DeviceHint> = Vec::new();
    for hint in hints {
        let mut ids: Vec<i64> = Vec::new();
        for id in &hint.device_ids {
            let id = if *id == gone { instead } else { Some(*id) };
            ids.extend(id.filter(|id| *id != own && !ids.contains(id)));
        }
        let hint = DeviceHint { kind: hint.kind.clone(), device_ids: ids };
        let says_something = hint.kind == "board_changed" || !hint.device_ids.is_empty();
        if says_something && !settled.contains(&hint) {
            settled.push(hint);
        }
    }
    settled
}

/// What was typed, and is reported, to run on one device runs on another from now on, or on none that is known.
pub(super) async fn rehost(
    connection: &mut Connection,
    ledger: &mut Ledger,
    author: &Author,
    (from, to): (i64, Option<i64>),
) -> Result<(), sqlx::Error> {
    // The device that takes its place is the caller's to write.
    let sql = "select id from devices where (typed_hosted_on = $1 or hosted_on = $1) and id not in ($1, $2)";
    let rows = connection.fetch(sql, vec![Value::from(from), to.unwrap_or(from).into()]).await?;
    let guests = rows.iter().map(|row| row.get(0)).collect::<Result<BTreeSet<i64>, _>>()?;
    let mut guests = Devices::lock(connection, guests).await?;
    for guest in guests.all_mut() {
        let host = |known: Option<i64>| if known == Some(from) { to } else { known };
        let mut typed = guest.typed.clone();
        typed.hosted_on = host(typed.hosted_on.map(Id::get)).map(Id::from);
        guest.hosted_on = host(guest.hosted_on);
        if let Some(entry) = retype(guest, typed, author) {
            ledger.note(author, entry);
        }
    }
    guests.save(connection).await
}
