//! What is typed of one or many devices changes.

use report::FieldError;

use super::super::super::connection::Connection;
use super::super::device::Device;
use super::super::devices::Devices;
use super::super::{Change, Ledger};
use super::references::{Wanted, misfits};
use super::{lock_one, retype};
use crate::domain::change::Author;
use crate::domain::device_edit::{Edit, IfMatch, Refusal};
use crate::domain::typed::Typed;

/// Which devices.
pub(in crate::store) enum Which {
    /// One, perhaps of a certain version only.
    One(i64, Option<IfMatch>),
    /// Many.
    Many(Vec<i64>),
}

/// Changes what is typed, of all of them or of none.
pub(in crate::store) struct UpdateDevices {
    pub(in crate::store) which: Which,
    pub(in crate::store) edit: Edit,
    pub(in crate::store) author: Author,
}

impl Change for UpdateDevices {
    /// Ids with the versions that they have now.
    type Done = Result<Vec<(i64, i64)>, Refusal>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let mut devices = match lock(connection, &self.which).await? {
            Ok(devices) => devices,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let before = if matches!(self.which, Which::Many(_)) { "change." } else { "" };
        let mut typed: Vec<Typed> = Vec::new();
        for device in devices.all_mut() {
            match self.edit.apply(&device.typed) {
                Ok(one) => typed.push(one),
                Err(mut errors) => {
                    errors.iter_mut().for_each(|error| error.path.insert_str(0, before));
                    return Ok(Err(Refusal::Invalid(errors)));
                }
            }
        }
        let wanted = devices.all().zip(&typed);
        let wanted =
            wanted.map(|(device, typed)| Wanted { device: Some(device), place: before.to_owned(), typed });
        let mut errors = misfits(connection, &wanted.collect::<Vec<_>>()).await?;
        errors.dedup();
        if !errors.is_empty() {
            return Ok(Err(Refusal::Invalid(errors)));
        }
        for (device, typed) in devices.all_mut().zip(typed) {
            if let Some(entry) = retype(device, typed, &self.author) {
                ledger.note(&self.author, entry);
            }
        }
        devices.save(connection).await?;
        let done = |device: &mut Device| (device.id, device.version);
        Ok(Ok(devices.all_mut().map(done).collect()))
    }
}

async fn lock(connection: &mut Connection, which: &Which) -> Result<Result<Devices, Refusal>, sqlx::Error> {
    let ids = match which {
        Which::One(id, expected) => return lock_one(connection, *id, expected.as_ref()).await,
        Which::Many(ids) => ids,
    };
    let mut devices = Devices::lock(connection, ids.iter().copied().collect()).await?;
    let missing = ids.iter().enumerate().filter(|(_, id)| devices.find_mut(**id).is_none());
    let missing: Vec<_> = missing.map(|(place, id)| no_such(place, *id)).collect();
    Ok(if missing.is_empty() { Ok(devices) } else { Err(Refusal::Invalid(missing)) })
}

fn no_such(place: usize, id: i64) -> FieldError {
    FieldError::new(format!("ids[{place}]"), format!("{id}, but there is no device with this id"))
}
