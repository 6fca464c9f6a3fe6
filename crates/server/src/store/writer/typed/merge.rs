//! Two rows that are one machine become one: whatever one has goes to the other.

use super::super::super::connection::Connection;
use super::super::device::Device;
use super::super::devices::Devices;
use super::super::retell::retell;
use super::super::shown;
use super::super::{Change, Ledger};
use super::delete::{rehost, settle_hints, settled};
use super::references::{Wanted, misfits};
use super::retype;
use crate::domain::change::{Author, Entry};
use crate::domain::device_edit::{IfMatch, Refusal};
use crate::domain::typed::Id;

/// Merges a device into another. It is not undone: nothing keeps which of them a benchmark came from.
pub(in crate::store) struct MergeDevices {
    /// The device that goes.
    pub(in crate::store) from: i64,
    /// The device that stays.
    pub(in crate::store) into: i64,
    /// Of the device that stays.
    pub(in crate::store) expected: Option<IfMatch>,
    pub(in crate::store) author: Author,
}

/// What moves by its device alone.
const MOVES: [&str; 7] = [
    "update benchmarks set device_id = $2 where device_id = $1",
    "update hardware_snapshots set device_id = $2 where device_id = $1",
    "update manufacturer_links set device_id = $2 where device_id = $1",
    "update documents set device_id = $2 where device_id = $1",
    "insert into device_keys (device_id, kind, hash) select cast($2 as bigint), kind, hash from device_keys \
     where device_id = $1 on conflict (hash, kind, device_id) do nothing",
    "update device_aliases set device_id = $2 where device_id = $1",
    "update devices set created_at = (select min(created_at) from devices where id in ($1, $2)) where id = $2",
];

impl Change for MergeDevices {
    type Done = Result<(), Refusal>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let mut devices = Devices::lock(connection, [self.from, self.into].into()).await?;
        let Some(from) = devices.remove(self.from) else { return Ok(Err(Refusal::NoSuchDevice)) };
        let Some(into) = devices.find_mut(self.into) else { return Ok(Err(Refusal::NoSuchDevice)) };
        if self.expected.as_ref().is_some_and(|expected| !expected.allows(into.version)) {
            return Ok(Err(Refusal::VersionMoved { version: into.version }));
        }
        settle_hints(connection, self.from, Some(self.into)).await?;
        rehost(connection, ledger, &self.author, (self.from, Some(self.into))).await?;
        for sql in MOVES {
            connection.execute(sql, vec![self.from.into(), self.into.into()]).await?;
        }
        // The names of both are free again, and the one leads to the other.
        connection.execute("delete from devices where id = $1", vec![self.from.into()]).await?;
        let sql = "insert into device_aliases (device_identifier, device_id) values ($1, $2) \
                   on conflict (device_identifier) do update set device_id = excluded.device_id";
        let values = vec![from.device_identifier.as_str().into(), self.into.into()];
        connection.execute(sql, values).await?;
        let mut gone = serde_json::json!({ "from": from.id, "name": from.name() });
        let (typed_before, model_key) = (from.typed.clone(), from.shown().model_key);
        let typed = self.merge(connection, into, from).await?;
        let lost = typed_before.lost_to(&into.typed);
        if !lost.is_empty() {
            gone["typed_lost"] = lost.into();
        }
        let leaves_model = model_key != into.shown().model_key;
        let entry = Entry::new("device.merge", self.into, into.name()).with(gone);
        ledger.note(&self.author, entry);
        if let Some(entry) = typed {
            ledger.note(&self.author, entry);
        }
        devices.save(connection).await?;
        if leaves_model {
            shown::leave_documents(connection, &model_key, self.into).await?;
        }
        Ok(Ok(()))
    }
}

impl MergeDevices {
    /// What both stand for together; what was typed of the one that stays wins, and the other's fills its gaps.
    async fn merge(
        &self,
        connection: &mut Connection,
        into: &mut Device,
        from: Device,
    ) -> Result<Option<Entry>, sqlx::Error> {
        let was_reported = (into.kind, into.hosted_on);
        if !retell(connection, into).await? {
            (into.kind, into.hosted_on) = (was_reported.0, was_reported.1.filter(|host| *host != self.from));
        }
        into.newest_at = None;
        into.hints.extend(from.hints);
        into.hints = settled(&into.hints, self.into, self.from, Some(self.into));
        into.updated_at = into.updated_at.max(self.author.at.as_ms());
        let mut typed = into.typed.clone();
        let host = typed.hosted_on.map(Id::get);
        typed.fill_gaps(from.typed);
        // A device that ran on the other does not run on itself now.
        let runs_on = typed.hosted_on.map(Id::get).filter(|host| ![self.from, self.into].contains(host));
        typed.hosted_on = runs_on.map(Id::from);
        if runs_on.is_some() && runs_on != host {
            let wanted = Wanted { device: Some(into), place: String::new(), typed: &typed };
            if misfits(connection, &[wanted]).await?.iter().any(|misfit| misfit.path == "hosted_on") {
                typed.hosted_on = None;
            }
        }
        Ok(retype(into, typed, &self.author))
    }
}
