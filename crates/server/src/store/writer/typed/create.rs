//! A device that a person makes, before or without a report.

use std::collections::BTreeMap;

use report::DeviceKind;

use super::super::super::bulk::Bulk;
use super::super::super::connection::Connection;
use super::super::super::value::Value;
use super::super::device::Device;
use super::super::devices::{Devices, insert};
use super::super::{Change, Ledger};
use super::references::{Wanted, misfits};
use crate::domain::change::{Author, Entry};
use crate::domain::device_edit::{NewDevice, Refusal};
use crate::domain::typed::Typed;

/// Makes a device.
pub(in crate::store) struct CreateDevice {
    pub(in crate::store) new: NewDevice,
    pub(in crate::store) author: Author,
}

impl Change for CreateDevice {
    /// Its id.
    type Done = Result<i64, Refusal>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let NewDevice { device_identifier, typed } = &self.new;
        let name = device_identifier.as_str();
        if let Some(by) = taken(connection, &[name]).await?.remove(name) {
            return Ok(Err(Refusal::Taken { by }));
        }
        let errors = misfits(connection, &[Wanted { device: None, place: String::new(), typed }]).await?;
        if !errors.is_empty() {
            return Ok(Err(Refusal::Invalid(errors)));
        }
        let made = make(connection, ledger, &[(name, typed)], &self.author).await?;
        made.first().copied().ok_or(sqlx::Error::RowNotFound).map(Ok)
    }
}

/// Which of these names devices bear, or lead to one since it was merged; and which device that is.
pub(super) async fn taken(
    connection: &mut Connection,
    names: &[&str],
) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    const BORNE: Bulk =
        Bulk::any_of("select device_identifier, id from devices where device_identifier in", "");
    const LEADING: Bulk = Bulk::any_of(
        "select device_identifier, device_id from device_aliases where device_identifier in",
        "",
    );
    let values = || names.iter().map(|name| Value::from(*name)).collect::<Vec<_>>();
    let mut rows = connection.fetch_bulk(&LEADING, values()).await?;
    rows.append(&mut connection.fetch_bulk(&BORNE, values()).await?);
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Makes devices whose names are free; their ids, in this order.
pub(super) async fn make(
    connection: &mut Connection,
    ledger: &mut Ledger,
    new: &[(&str, &Typed)],
    author: &Author,
) -> Result<Vec<i64>, sqlx::Error> {
    let kind = |typed: &Typed| typed.kind.unwrap_or(DeviceKind::BareMetal);
    let rows = new.iter().map(|(name, typed)| (*name, false, kind(typed), author.at));
    let ids = insert(connection, rows).await?;
    let (mut devices, mut made) = (Devices::default(), Vec::with_capacity(new.len()));
    for (name, typed) in new {
        let id = *ids.get(*name).ok_or(sqlx::Error::RowNotFound)?;
        let device = Device::typed(id, (*name).to_owned(), kind(typed), (*typed).clone(), author.at);
        ledger.note(author, Entry::new("device.create", id, device.name()));
        devices.add(device);
        made.push(id);
    }
    devices.save(connection).await?;
    Ok(made)
}
