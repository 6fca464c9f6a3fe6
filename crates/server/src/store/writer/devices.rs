//! The devices that a batch touches: found or made, and brought up to date.

use std::collections::{BTreeMap, BTreeSet};

use report::identity::Claim;
use report::{DeviceKind, Timestamp};

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::value::Value;
use super::device::{Device, LOCK, SAVE, SAVED};
use super::identity::{Filed, Fresh, Pool};
use super::shown;
use crate::domain::device::DeviceHint;
use crate::domain::submission::Submission;

/// Hints of one kind that are kept: the oldest.
const HINTS: usize = 10;

/// Every device that a batch touches.
#[derive(Default)]
pub(super) struct Devices {
    /// For each report its device.
    pub(super) of: Vec<i64>,
    by_id: BTreeMap<i64, Device>,
}

const CREATE: Bulk = Bulk::rows(
    "insert into devices (device_identifier, name_explicit, kind, reported_json, hints_json, standing_json, \
     recent_json, coverage, verdict, benchmarks, last_benchmark_at, created_at, updated_at) values",
    13,
    "returning id, device_identifier",
);
const LINK: Bulk = Bulk::rows(
    "insert into device_keys (device_id, kind, hash) values",
    3,
    "on conflict (hash, kind, device_id) do nothing",
);
const BY_HASH: Bulk = Bulk::any_of("select hash, device_id from device_keys where hash in", "");

impl Devices {
    /// The devices that the identity table named; those that are not there yet are made.
    pub(super) async fn find_or_create(
        connection: &mut Connection,
        submissions: &[&Submission],
        (pool, filed): (Pool, Vec<Filed>),
    ) -> Result<Self, sqlx::Error> {
        let known: BTreeSet<i64> = filed.iter().map(|filed| filed.device).filter(|id| *id > 0).collect();
        let mut devices = Self::lock(connection, known.clone()).await?;
        if known.iter().any(|id| !devices.by_id.contains_key(id)) {
            // Another server deleted or merged it after we looked: whose reports these are is asked once more.
            return Err(sqlx::Error::RowNotFound);
        }
        let real = create(connection, submissions, &pool.fresh, &mut devices.by_id).await?;
        let id = |id: i64| real.get(&id).copied().unwrap_or(id);
        let links = pool.links.iter();
        let links = links.flat_map(|(device, kind, hash)| {
            [id(*device).into(), kind.as_str().into(), hash.as_str().into()]
        });
        connection.execute_bulk(&LINK, links.collect()).await?;
        devices.of = filed.iter().map(|filed| id(filed.device)).collect();
        devices.hint(&filed, id);
        devices.host(connection, submissions).await?;
        Ok(devices)
    }

    /// Loads devices for a change.
    pub(super) async fn lock(connection: &mut Connection, ids: BTreeSet<i64>) -> Result<Self, sqlx::Error> {
        let mut by_id = BTreeMap::new();
        for row in connection.fetch_bulk(&LOCK, ids.into_iter().map(Value::from).collect()).await? {
            let device = Device::from_row(&row)?;
            by_id.insert(device.id, device);
        }
        Ok(Self { of: Vec::new(), by_id })
    }

    /// A device of this batch.
    pub(super) fn get(&self, id: i64) -> &Device {
        self.by_id.get(&id).expect("every report's device was loaded or made")
    }

    /// A device of this batch.
    pub(super) fn get_mut(&mut self, id: i64) -> &mut Device {
        self.by_id.get_mut(&id).expect("every report's device was loaded or made")
    }

    /// A device that may have gone since it was looked for.
    pub(super) fn find(&self, id: i64) -> Option<&Device> {
        self.by_id.get(&id)
    }

    /// The same.
    pub(super) fn find_mut(&mut self, id: i64) -> Option<&mut Device> {
        self.by_id.get_mut(&id)
    }

    /// One more.
    pub(super) fn add(&mut self, device: Device) {
        self.by_id.insert(device.id, device);
    }

    /// One less.
    pub(super) fn remove(&mut self, id: i64) -> Option<Device> {
        self.by_id.remove(&id)
    }

    /// Every device, in the order of their ids.
    pub(super) fn all(&self) -> impl Iterator<Item = &Device> {
        self.by_id.values()
    }

    /// The same.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Device> {
        self.by_id.values_mut()
    }

    /// No report of that device was measured later.
    pub(super) fn is_newest(&self, id: i64, submission: &Submission) -> bool {
        self.get(id).newest_at.is_none_or(|newest| newest <= submission.effective_at)
    }

    fn hint(&mut self, filed: &[Filed], id: impl Fn(i64) -> i64) {
        for (device, filed) in self.of.clone().into_iter().zip(filed) {
            let device = self.get_mut(device);
            for hint in filed.hints.iter().map(|hint| DeviceHint::of(hint, &id)) {
                let alike = device.hints.iter().filter(|known| known.kind == hint.kind).count();
                if alike < HINTS && !device.hints.contains(&hint) {
                    device.hints.push(hint);
                }
            }
        }
    }

    /// Containers know their host by its keys. The newest report decides; this comes before [`Device::newest_at`] moves.
    async fn host(
        &mut self,
        connection: &mut Connection,
        submissions: &[&Submission],
    ) -> Result<(), sqlx::Error> {
        let hashes = submissions.iter().filter_map(|one| one.claim.host_hash.as_deref());
        let hosts = Hosts::find(connection, hashes.collect()).await?;
        let mut newest: BTreeMap<i64, Timestamp> = BTreeMap::new();
        for (submission, device) in submissions.iter().zip(self.of.clone()) {
            let at = submission.effective_at;
            if !self.is_newest(device, submission) || newest.get(&device).is_some_and(|newest| *newest > at) {
                continue;
            }
            newest.insert(device, at);
            self.get_mut(device).hosted_on = hosts.of(device, submission.claim.host_hash.as_deref());
        }
        Ok(())
    }

    /// Takes in what the stored benchmarks say. One that arrives late changes the standing, but not what is newest.
    pub(super) fn take(&mut self, submissions: &[&Submission], benchmarks: &[i64]) {
        for ((submission, benchmark), device) in submissions.iter().zip(benchmarks).zip(self.of.clone()) {
            self.get_mut(device).take(submission, *benchmark);
        }
    }

    /// Writes the rows.
    pub(super) async fn save(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let mut values = Vec::with_capacity(self.by_id.len() * SAVED);
        for device in self.by_id.values() {
            values.extend(device.values()?);
        }
        connection.execute_bulk(&SAVE, values).await?;
        shown::save(connection, self.by_id.values()).await
    }
}

/// Who has the keys by which containers know their host.
pub(super) struct Hosts(BTreeMap<String, BTreeSet<i64>>);

impl Hosts {
    pub(super) async fn find(
        connection: &mut Connection,
        hashes: BTreeSet<&str>,
    ) -> Result<Self, sqlx::Error> {
        let mut hosts = Self(BTreeMap::new());
        for row in connection.fetch_bulk(&BY_HASH, hashes.into_iter().map(Value::from).collect()).await? {
            hosts.0.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
        Ok(hosts)
    }

    /// The host of a device that names it by that key.
    pub(super) fn of(&self, device: i64, hash: Option<&str>) -> Option<i64> {
        let found = self.0.get(hash?)?;
        found.iter().copied().find(|host| *host != device)
    }
}

/// Makes the new devices; their ids by placeholder.
async fn create(
    connection: &mut Connection,
    submissions: &[&Submission],
    fresh: &[Fresh],
    by_id: &mut BTreeMap<i64, Device>,
) -> Result<BTreeMap<i64, i64>, sqlx::Error> {
    let rows = fresh.iter().map(|new| {
        let submission = submissions[new.report];
        let Claim { kind, name_explicit, .. } = submission.claim;
        (new.name.as_str(), name_explicit, kind, submission.received_at)
    });
    let ids = insert(connection, rows).await?;
    let mut real = BTreeMap::new();
    for new in fresh {
        let id = *ids.get(&new.name).ok_or(sqlx::Error::RowNotFound)?;
        real.insert(new.placeholder, id);
        by_id.insert(id, Device::new(id, new.name.clone(), submissions[new.report]));
    }
    Ok(real)
}

/// Makes rows of devices that nothing is known of yet but the name, whether a person gave it to the agent, the kind, and when;
/// their ids by name.
pub(super) async fn insert(
    connection: &mut Connection,
    rows: impl Iterator<Item = (&str, bool, DeviceKind, Timestamp)>,
) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let mut values: Vec<Value> = Vec::new();
    for (name, explicit, kind, now) in rows {
        values.extend([
            name.into(),
            i64::from(explicit).into(),
            kind.as_str().into(),
            "{}".into(),
            "[]".into(),
            "{}".into(),
            "[]".into(),
            0.0.into(),
            "valid".into(),
            0.into(),
            0.into(),
            now.as_ms().into(),
            now.as_ms().into(),
        ]);
    }
    let rows = connection.fetch_bulk(&CREATE, values).await?;
    rows.iter().map(|row| Ok((row.get(1)?, row.get(0)?))).collect()
}
