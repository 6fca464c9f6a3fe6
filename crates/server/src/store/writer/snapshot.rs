//! Hardware snapshots: one is reused while there is nothing to tell of the facts.
//!
//! What a report says for the first time (it was run as root, or a newer agent reads more) is no change of the machine: it is
//! filled into the snapshot in hand. A late report fills nothing: what it says is older than what is known.

use std::collections::{BTreeMap, HashMap};

use report::Timestamp;
use report::facts::{Facts, FactsError, Learned};

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::value::{Columns, Row, Value};
use super::devices::Devices;
use crate::domain::submission::{Described, Submission};

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

/// Where a report belongs.
pub(super) struct Placed {
    /// Its snapshot.
    pub(super) id: i64,
    /// Its readings under the names that the snapshot has for drives and interfaces, where it has others.
    pub(super) readings_json: Option<String>,
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
) -> Result<Vec<Placed>, sqlx::Error> {
    let mut batch = Batch::load(connection, submissions, devices).await?;
    let mut chosen = Vec::with_capacity(submissions.len());
    for (submission, device) in submissions.iter().zip(devices.of.clone()) {
        let (snapshot, readings_json) = if devices.is_newest(device, submission) {
            batch.newest(submission, device, devices)?
        } else {
            batch.late(connection, submission, device).await?
        };
        batch.chosen.push(Chosen { device, at: submission.effective_at, snapshot });
        chosen.push((snapshot, readings_json));
    }
    batch.fill(connection).await?;
    let ids = batch.insert(connection).await?;
    let id = |snapshot: Snapshot| match snapshot {
        Snapshot::Stored(id) => id,
        Snapshot::Waiting(place) => ids[place],
    };
    for (device, newest) in &batch.newest {
        devices.get_mut(*device).snapshot_id = Some(id(newest.snapshot));
    }
    let placed = |(snapshot, readings_json)| Placed { id: id(snapshot), readings_json };
    Ok(chosen.into_iter().map(placed).collect())
}

/// Which snapshot a report of this batch has, and when it was measured.
#[derive(Clone, Copy)]
struct Chosen {
    device: i64,
    at: Timestamp,
    snapshot: Snapshot,
}

#[derive(Default)]
struct Batch {
    newest: HashMap<i64, Newest>,
    new: Vec<New>,
    chosen: Vec<Chosen>,
    /// Stored snapshots of which more is known now.
    filled: BTreeMap<i64, Facts>,
}

const FACTS: Bulk = Bulk::any_of("select device_id, id, facts_json from hardware_snapshots where id in", "");
const INSERT: Bulk = Bulk::rows(
    "insert into hardware_snapshots (device_id, fingerprint, facts_json, first_seen_at) values",
    4,
    "returning id, device_id, fingerprint",
);
/// The hardware of the report just before a moment.
const BEFORE: &str = "select s.id, s.facts_json, b.effective_at from benchmarks b \
                      join hardware_snapshots s on s.id = b.snapshot_id \
                      where b.device_id = $1 and b.effective_at <= $2 \
                      order by b.effective_at desc, b.id desc limit 1";
/// The hardware of the report just after it.
const AFTER: &str = "select s.id, s.facts_json, b.effective_at from benchmarks b \
                     join hardware_snapshots s on s.id = b.snapshot_id \
                     where b.device_id = $1 and b.effective_at > $2 \
                     order by b.effective_at, b.id limit 1";
/// Writes what more is known of snapshots: id, fingerprint, facts.
pub(super) const FILL: Bulk = Bulk::rows(
    "with v (id, fingerprint, facts_json) as (values",
    3,
    ") update hardware_snapshots set fingerprint = v.fingerprint, facts_json = v.facts_json from v \
     where hardware_snapshots.id = v.id",
);
const SEEN_SINCE: &str =
    "update hardware_snapshots set first_seen_at = $2 where id = $1 and first_seen_at > $2";

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
        Ok(Self { newest, ..Self::default() })
    }

    /// Of a report that is newer than all before it.
    fn newest(
        &mut self,
        submission: &Submission,
        id: i64,
        devices: &mut Devices,
    ) -> Result<(Snapshot, Option<String>), sqlx::Error> {
        let device = devices.get_mut(id);
        let seen = Some(submission.facts_seen.to_vec());
        let same = device.facts_seen == seen;
        device.facts_seen = seen;
        device.newest_at = Some(submission.effective_at);
        if let Some(stored) = device.snapshot_id.filter(|_| same && !self.newest.contains_key(&id)) {
            return Ok((Snapshot::Stored(stored), None));
        }
        let Some(newest) = self.newest.get(&id) else {
            let facts = submission.facts.over(&Facts::default(), &submission.missing);
            device.describe(Described::by_first(submission));
            let snapshot = self.wait(id, facts.clone(), submission.effective_at);
            self.newest.insert(id, Newest { snapshot, facts });
            return Ok((snapshot, None));
        };
        let Learned { facts, news } = submission.facts.learn(&newest.facts, &submission.missing);
        let mut snapshot = newest.snapshot;
        let readings = under_known_names(submission, &facts)?;
        if readings.is_some() {
            // The next report has to be looked at too, though it says the same.
            device.facts_seen = None;
        }
        if facts != newest.facts {
            device.describe(Described::of(&facts).map_err(undecodable)?);
            match snapshot {
                _ if news => snapshot = self.wait(id, facts.clone(), submission.effective_at),
                Snapshot::Stored(id) => drop(self.filled.insert(id, facts.clone())),
                Snapshot::Waiting(place) => self.new[place].facts = facts.clone(),
            }
            self.newest.insert(id, Newest { snapshot, facts });
        }
        Ok((snapshot, readings))
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
    ) -> Result<(Snapshot, Option<String>), sqlx::Error> {
        let at = submission.effective_at;
        let facts = match self.before(connection, device, at).await? {
            Some((snapshot, before)) => {
                let learned = submission.facts.learn(&before, &submission.missing);
                if !learned.news {
                    return Ok((snapshot, under_known_names(submission, &before)?));
                }
                learned.facts
            }
            None => submission.facts.over(&Facts::default(), &submission.missing),
        };
        if let Some((snapshot, after)) = self.after(connection, device, at).await?
            && !after.differs_from(&facts)
        {
            self.seen_since(connection, snapshot, at).await?;
            return Ok((snapshot, under_known_names(submission, &after)?));
        }
        Ok((self.wait(device, facts, at), None))
    }

    async fn before(
        &self,
        connection: &mut Connection,
        device: i64,
        at: Timestamp,
    ) -> Result<Option<(Snapshot, Facts)>, sqlx::Error> {
        let rows = connection.fetch(BEFORE, vec![device.into(), at.as_ms().into()]).await?;
        let chosen = self.chosen.iter().filter(|one| one.device == device && one.at <= at);
        let chosen = chosen.max_by_key(|one| one.at);
        self.nearer(connection, rows.first(), chosen, |chosen, stored| chosen >= stored).await
    }

    async fn after(
        &self,
        connection: &mut Connection,
        device: i64,
        at: Timestamp,
    ) -> Result<Option<(Snapshot, Facts)>, sqlx::Error> {
        let rows = connection.fetch(AFTER, vec![device.into(), at.as_ms().into()]).await?;
        let chosen = self.chosen.iter().filter(|one| one.device == device && one.at > at);
        let chosen = chosen.min_by_key(|one| one.at);
        self.nearer(connection, rows.first(), chosen, |chosen, stored| chosen < stored).await
    }

    /// The neighbour of this batch where that one is nearer, else the stored one.
    async fn nearer(
        &self,
        connection: &mut Connection,
        stored: Option<&Row>,
        chosen: Option<&Chosen>,
        is_nearer: fn(i64, i64) -> bool,
    ) -> Result<Option<(Snapshot, Facts)>, sqlx::Error> {
        let stored_at = stored.map(|row| row.get::<i64>(2)).transpose()?;
        match chosen.filter(|chosen| stored_at.is_none_or(|stored| is_nearer(chosen.at.as_ms(), stored))) {
            Some(Chosen { snapshot: Snapshot::Waiting(place), .. }) => {
                Ok(Some((Snapshot::Waiting(*place), self.new[*place].facts.clone())))
            }
            Some(Chosen { snapshot: Snapshot::Stored(id), .. }) => {
                let rows = connection.fetch_bulk(&FACTS, vec![(*id).into()]).await?;
                let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
                Ok(Some((Snapshot::Stored(*id), self.known(*id, &row.get::<String>(2)?)?)))
            }
            None => stored
                .map(|row| {
                    let id = row.get(0)?;
                    Ok((Snapshot::Stored(id), self.known(id, &row.get::<String>(1)?)?))
                })
                .transpose(),
        }
    }

    /// The facts of a stored snapshot, with what this batch fills in.
    fn known(&self, id: i64, stored: &str) -> Result<Facts, sqlx::Error> {
        self.filled.get(&id).map_or_else(|| facts(stored), |filled| Ok(filled.clone()))
    }

    /// Writes what more is known of stored snapshots.
    async fn fill(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let row = |(id, facts): (&i64, &Facts)| {
            [(*id).into(), facts.fingerprint().to_vec().into(), facts.to_json().into()]
        };
        connection.execute_bulk(&FILL, self.filled.iter().flat_map(row).collect()).await
    }

    /// That hardware was there at that time already.
    async fn seen_since(
        &mut self,
        connection: &mut Connection,
        snapshot: Snapshot,
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        match snapshot {
            Snapshot::Stored(id) => {
                connection.execute(SEEN_SINCE, vec![id.into(), at.as_ms().into()]).await?;
            }
            Snapshot::Waiting(place) => {
                let first = &mut self.new[place].first_seen_at;
                *first = at.min(*first);
            }
        }
        Ok(())
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

/// The readings of a report under the names that its snapshot has, where it has others.
fn under_known_names(submission: &Submission, known: &Facts) -> Result<Option<String>, sqlx::Error> {
    submission.facts.under_known_names(known, &submission.readings_json).map_err(undecodable)
}

/// What the facts of a snapshot say of the machine as a whole.
pub(super) async fn described(connection: &mut Connection, id: i64) -> Result<Described, sqlx::Error> {
    let rows = connection.fetch_bulk(&FACTS, vec![id.into()]).await?;
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    Described::of(&facts(&row.get::<String>(2)?)?).map_err(undecodable)
}

/// The facts of a snapshot, as they are stored.
pub(super) fn facts(text: &str) -> Result<Facts, sqlx::Error> {
    Facts::from_json(text).map_err(undecodable)
}

fn undecodable(error: FactsError) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
