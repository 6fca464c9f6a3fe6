//! Hardware snapshots: one is reused while the facts are equal.

use std::collections::HashMap;

use report::Timestamp;
use report::facts::Facts;

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::value::{Columns, Row, Value};
use super::device::Devices;
use crate::domain::submission::Submission;

/// A snapshot that is in the database, or will be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Snapshot {
    /// By its id.
    Stored(i64),
    /// By its place among those to insert.
    Waiting(usize),
}

/// A snapshot to insert.
struct New {
    device: i64,
    facts: Facts,
    first_seen_at: Timestamp,
}

/// The newest snapshot of a device, as reports of the batch move it.
struct Newest {
    snapshot: Snapshot,
    facts: Facts,
}

/// Finds or makes the snapshot of every report; `devices` learn which is their newest.
pub(super) async fn find_or_create(
    connection: &mut Connection,
    submissions: &[&Submission],
    devices: &mut Devices,
) -> Result<Vec<i64>, sqlx::Error> {
    let mut batch = Batch::load(connection, submissions, devices).await?;
    let mut chosen = Vec::with_capacity(submissions.len());
    for (submission, device) in submissions.iter().zip(devices.of.clone()) {
        chosen.push(if devices.is_newest(device, submission) {
            batch.newest(submission, device, devices)
        } else {
            batch.late(connection, submission, device).await?
        });
    }
    let ids = batch.insert(connection).await?;
    let id = |snapshot: Snapshot| match snapshot {
        Snapshot::Stored(id) => id,
        Snapshot::Waiting(place) => ids[place],
    };
    for (device, newest) in &batch.newest {
        devices.get_mut(*device).snapshot_id = Some(id(newest.snapshot));
    }
    Ok(chosen.into_iter().map(id).collect())
}

#[derive(Default)]
struct Batch {
    newest: HashMap<i64, Newest>,
    new: Vec<New>,
}

const FACTS: Bulk = Bulk::any_of("select device_id, id, facts_json from hardware_snapshots where id in", "");
const INSERT: Bulk = Bulk::rows(
    "insert into hardware_snapshots (device_id, fingerprint, facts_json, first_seen_at) values",
    4,
    "returning id, device_id, fingerprint",
);
const BEFORE: &str = "select id, facts_json, first_seen_at from hardware_snapshots where device_id = $1 and first_seen_at <= $2 \
                      order by first_seen_at desc, id desc limit 1";
const AFTER: &str = "select id, facts_json from hardware_snapshots where device_id = $1 and first_seen_at > $2 \
                     order by first_seen_at, id limit 1";

impl Batch {
    /// Facts are read only where a report says others than the one before it.
    async fn load(
        connection: &mut Connection,
        submissions: &[&Submission],
        devices: &Devices,
    ) -> Result<Self, sqlx::Error> {
        let mut ids = std::collections::BTreeSet::new();
        for (submission, device) in submissions.iter().zip(&devices.of) {
            let device = devices.get(*device);
            if device.facts_seen.as_deref() != Some(&submission.facts_seen[..]) {
                ids.extend(device.snapshot_id);
            }
        }
        let mut newest = HashMap::new();
        for row in connection.fetch_bulk(&FACTS, ids.into_iter().map(Value::from).collect()).await? {
            let mut columns = Columns::of(&row);
            let device: i64 = columns.next()?;
            let snapshot = Snapshot::Stored(columns.next()?);
            newest.insert(device, Newest { snapshot, facts: facts(&columns.next::<String>()?)? });
        }
        Ok(Self { newest, new: Vec::new() })
    }

    /// Of a report that is newer than all before it.
    fn newest(&mut self, submission: &Submission, id: i64, devices: &mut Devices) -> Snapshot {
        let device = devices.get_mut(id);
        let seen = Some(submission.facts_seen.to_vec());
        let same = device.facts_seen == seen;
        device.facts_seen = seen;
        device.newest_at = Some(submission.effective_at);
        if let Some(stored) = device.snapshot_id.filter(|_| same && !self.newest.contains_key(&id)) {
            return Snapshot::Stored(stored);
        }
        let facts = match self.newest.get(&id) {
            Some(newest) => {
                let facts = submission.facts.over(&newest.facts, &submission.missing);
                if facts == newest.facts {
                    return newest.snapshot;
                }
                facts
            }
            None => submission.facts.clone(),
        };
        let snapshot = self.wait(id, facts.clone(), submission.effective_at);
        self.newest.insert(id, Newest { snapshot, facts });
        snapshot
    }

    fn wait(&mut self, device: i64, facts: Facts, first_seen_at: Timestamp) -> Snapshot {
        self.new.push(New { device, facts, first_seen_at });
        Snapshot::Waiting(self.new.len() - 1)
    }

    /// Of a report that was measured before the newest one: it belongs between its neighbours in time.
    async fn late(
        &mut self,
        connection: &mut Connection,
        submission: &Submission,
        device: i64,
    ) -> Result<Snapshot, sqlx::Error> {
        let at = submission.effective_at;
        let rows = connection.fetch(BEFORE, vec![device.into(), at.as_ms().into()]).await?;
        let mut before = rows.first().map(stored_facts).transpose()?;
        let mut since = rows.first().map(|row| row.get::<i64>(2)).transpose()?;
        for (place, new) in self.new.iter().enumerate() {
            let first_seen_at = Some(new.first_seen_at.as_ms());
            if new.device == device && new.first_seen_at <= at && first_seen_at >= since {
                (before, since) = (Some((Snapshot::Waiting(place), new.facts.clone())), first_seen_at);
            }
        }
        let facts = match before {
            Some((snapshot, before)) => {
                let facts = submission.facts.over(&before, &submission.missing);
                if facts == before {
                    return Ok(snapshot);
                }
                facts
            }
            None => submission.facts.clone(),
        };
        let rows = connection.fetch(AFTER, vec![device.into(), at.as_ms().into()]).await?;
        if let Some((Snapshot::Stored(id), after)) = rows.first().map(stored_facts).transpose()?
            && after == facts
        {
            let sql = "update hardware_snapshots set first_seen_at = $2 where id = $1";
            connection.execute(sql, vec![id.into(), at.as_ms().into()]).await?;
            return Ok(Snapshot::Stored(id));
        }
        Ok(self.wait(device, facts, at))
    }

    /// The ids of what was waiting, in its order. Equal facts of one device in one batch get theirs by number.
    async fn insert(&mut self, connection: &mut Connection) -> Result<Vec<i64>, sqlx::Error> {
        let mut values = Vec::with_capacity(self.new.len() * 4);
        let mut places: HashMap<(i64, Vec<u8>), Vec<usize>> = HashMap::new();
        for (place, new) in self.new.iter().enumerate() {
            let fingerprint = new.facts.fingerprint().to_vec();
            places.entry((new.device, fingerprint.clone())).or_default().push(place);
            values.extend([
                new.device.into(),
                fingerprint.into(),
                new.facts.to_json().into(),
                new.first_seen_at.as_ms().into(),
            ]);
        }
        let mut rows = Vec::new();
        for row in connection.fetch_bulk(&INSERT, values).await? {
            let mut columns = Columns::of(&row);
            rows.push((columns.next::<i64>()?, (columns.next::<i64>()?, columns.next::<Vec<u8>>()?)));
        }
        rows.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let mut ids = vec![0; self.new.len()];
        for (id, key) in rows {
            let place = places.get_mut(&key).and_then(Vec::pop).ok_or(sqlx::Error::RowNotFound)?;
            ids[place] = id;
        }
        Ok(ids)
    }
}

fn facts(text: &str) -> Result<Facts, sqlx::Error> {
    Facts::from_json(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn stored_facts(row: &Row) -> Result<(Snapshot, Facts), sqlx::Error> {
    Ok((Snapshot::Stored(row.get(0)?), facts(&row.get::<String>(1)?)?))
}
