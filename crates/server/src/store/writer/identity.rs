//! Whose reports these are: the identity table, asked for each report of a batch in turn.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use report::identity::{Candidate, Claim, Decision, Hint, KeyKind, decide};

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::stored;
use super::super::value::{Columns, Row, Value};
use crate::domain::submission::Submission;

/// Whom a report is filed under.
pub(super) struct Filed {
    /// The device: below zero for one that this batch creates, see [`Pool::fresh`].
    pub(super) device: i64,
    /// What to tell a person.
    pub(super) hints: Vec<Hint>,
}

/// A device that this batch creates.
pub(super) struct Fresh {
    /// Stands for its id until it has one.
    pub(super) placeholder: i64,
    /// Its `device_identifier`.
    pub(super) name: String,
    /// Place, among the reports that are filed, of the one that brought it.
    pub(super) report: usize,
}

/// Every device that a batch may belong to, those that it creates included.
#[derive(Default)]
pub(super) struct Pool {
    candidates: BTreeMap<i64, Candidate>,
    by_hash: HashMap<String, BTreeSet<i64>>,
    by_name: HashMap<String, i64>,
    /// Names of devices that were merged into others, with the names of those.
    aliases: HashMap<String, String>,
    /// Devices without a report: whatever kind the first is of, they are of it.
    unreported: BTreeSet<i64>,
    /// The devices to create, in the order of their reports.
    pub(super) fresh: Vec<Fresh>,
    /// The keys to link: device, kind, hash.
    pub(super) links: Vec<(i64, KeyKind, String)>,
}

const BY_NAME: Bulk = Bulk::any_of(
    "select id, device_identifier, name_explicit, kind, benchmarks from devices where device_identifier in",
    "",
);
const BY_ID: Bulk = Bulk::any_of(
    "select id, device_identifier, name_explicit, kind, benchmarks from devices where id in",
    "",
);
const BY_ALIAS: Bulk = Bulk::any_of(
    "select d.id, d.device_identifier, d.name_explicit, d.kind, d.benchmarks, a.device_identifier \
     from device_aliases a join devices d on d.id = a.device_id where a.device_identifier in",
    "",
);
const BY_KEY: Bulk = Bulk::any_of("select distinct device_id from device_keys where hash in", "");
const KEYS: Bulk = Bulk::any_of("select device_id, kind, hash from device_keys where device_id in", "");

impl Pool {
    /// Files every report, in their order; `None` for one whose token is for another device: it leaves no trace.
    pub(super) async fn file(
        connection: &mut Connection,
        submissions: &[&Submission],
    ) -> Result<(Self, Vec<Option<Filed>>), sqlx::Error> {
        let mut pool = Self::default();
        pool.load(connection, submissions).await?;
        let (mut all, mut accepted) = (Vec::with_capacity(submissions.len()), 0);
        for submission in submissions {
            let filed = pool.file_one(connection, submission, accepted).await?;
            accepted += usize::from(filed.is_some());
            all.push(filed);
        }
        Ok((pool, all))
    }

    async fn load(
        &mut self,
        connection: &mut Connection,
        submissions: &[&Submission],
    ) -> Result<(), sqlx::Error> {
        let mut names: BTreeSet<&str> = submissions.iter().map(|one| one.claim.name.as_str()).collect();
        names.extend(submissions.iter().filter_map(|one| one.only_device.as_deref()));
        let hashes: BTreeSet<&str> =
            submissions.iter().flat_map(|one| one.claim.keys.iter().map(|(_, hash)| hash.as_str())).collect();
        let by_name = names.iter().map(|name| Value::from(*name)).collect();
        let mut rows = connection.fetch_bulk(&BY_NAME, by_name).await?;
        rows.append(&mut self.load_aliases(connection, names, &rows).await?);
        let known = rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<BTreeSet<_>, _>>()?;
        let keyed = connection.fetch_bulk(&BY_KEY, hashes.into_iter().map(Value::from).collect()).await?;
        let keyed = keyed.iter().map(|row| row.get::<i64>(0)).collect::<Result<BTreeSet<_>, _>>()?;
        let more = keyed.difference(&known).map(|id| Value::from(*id)).collect();
        rows.append(&mut connection.fetch_bulk(&BY_ID, more).await?);
        self.take(connection, &rows).await
    }

    /// The devices to which names lead that no device bears.
    async fn load_aliases(
        &mut self,
        connection: &mut Connection,
        mut names: BTreeSet<&str>,
        borne: &[Row],
    ) -> Result<Vec<Row>, sqlx::Error> {
        for row in borne {
            names.remove(row.get::<String>(1)?.as_str());
        }
        let rows = connection.fetch_bulk(&BY_ALIAS, names.into_iter().map(Value::from).collect()).await?;
        for row in &rows {
            self.aliases.insert(row.get(5)?, row.get(1)?);
        }
        Ok(rows)
    }

    /// Takes devices in, with all their keys.
    async fn take(&mut self, connection: &mut Connection, rows: &[Row]) -> Result<(), sqlx::Error> {
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            let mut columns = Columns::of(row);
            let candidate = Candidate {
                device_id: columns.next()?,
                name: columns.next()?,
                name_explicit: columns.next::<i64>()? != 0,
                kind: stored::kind(&columns.next::<String>()?),
                keys: BTreeSet::new(),
            };
            if columns.next::<i64>()? == 0 {
                self.unreported.insert(candidate.device_id);
            }
            if !self.candidates.contains_key(&candidate.device_id) {
                ids.push(Value::from(candidate.device_id));
                self.add(candidate);
            }
        }
        for row in connection.fetch_bulk(&KEYS, ids).await? {
            let mut columns = Columns::of(&row);
            let (device, kind): (i64, String) = (columns.next()?, columns.next()?);
            // A kind that only a later version knows tells this one nothing.
            if let Some(kind) = KeyKind::from_name(&kind) {
                self.know(device, kind, &columns.next::<String>()?);
            }
        }
        Ok(())
    }

    fn add(&mut self, candidate: Candidate) {
        self.by_name.insert(candidate.name.clone(), candidate.device_id);
        self.candidates.insert(candidate.device_id, candidate);
    }

    /// True if that is news.
    fn know(&mut self, device: i64, kind: KeyKind, hash: &str) -> bool {
        let Some(candidate) = self.candidates.get_mut(&device) else { return false };
        self.by_hash.entry(hash.to_owned()).or_default().insert(device);
        candidate.keys.insert((kind, hash.to_owned()))
    }

    async fn file_one(
        &mut self,
        connection: &mut Connection,
        submission: &Submission,
        place: usize,
    ) -> Result<Option<Filed>, sqlx::Error> {
        let claim = &*self.under_its_name(&submission.claim);
        let mut decision = decide(claim, &self.related(claim));
        if matches!(decision, Decision::New { .. }) && self.by_name.contains_key(&claim.name) {
            // The name is taken: only now do those with a number behind it matter.
            let rows = connection.fetch(NUMBERED, numbered(&claim.name)).await?;
            self.take(connection, &rows).await?;
            decision = decide(claim, &self.related(claim));
        }
        if let Some(only) = &submission.only_device
            && !self.names(&decision, only)
        {
            return Ok(None);
        }
        let (device, hints) = match decision {
            Decision::Existing { device_id, hints } => (device_id, hints),
            Decision::New { name, hints } => (self.create(claim, name, place), hints),
        };
        for (kind, hash) in &claim.keys {
            if self.know(device, *kind, hash) {
                self.links.push((device, *kind, hash.clone()));
            }
        }
        self.unreported.remove(&device);
        Ok(Some(Filed { device, hints }))
    }

    /// True if the device of that decision bears this name, or did until it was merged.
    fn names(&self, decision: &Decision, only: &str) -> bool {
        let name = match decision {
            Decision::Existing { device_id, .. } => self.candidates.get(device_id).map(|known| &known.name),
            Decision::New { name, .. } => Some(name),
        };
        let alias = || self.aliases.get(only).filter(|_| !self.by_name.contains_key(only));
        name.is_some_and(|name| name == only || alias() == Some(name))
    }

    /// Under the name of a device that was merged into another, a report is the other's.
    fn under_its_name<'c>(&self, claim: &'c Claim) -> Cow<'c, Claim> {
        match self.aliases.get(&claim.name) {
            Some(name) if !self.by_name.contains_key(&claim.name) => {
                Cow::Owned(Claim { name: name.clone(), ..claim.clone() })
            }
            _ => Cow::Borrowed(claim),
        }
    }

    fn create(&mut self, claim: &Claim, name: String, place: usize) -> i64 {
        let placeholder = -1 - i64::try_from(self.fresh.len()).unwrap_or(i64::MAX - 1);
        self.add(Candidate {
            device_id: placeholder,
            name: name.clone(),
            name_explicit: claim.name_explicit,
            kind: claim.kind,
            keys: BTreeSet::new(),
        });
        self.fresh.push(Fresh { placeholder, name, report: place });
        placeholder
    }

    /// Every device that shares a key with the claim, or bears its name, with or without a number.
    fn related(&self, claim: &Claim) -> Vec<Candidate> {
        let keyed = claim.keys.iter().filter_map(|(_, hash)| self.by_hash.get(hash)).flatten().copied();
        let mut ids: BTreeSet<i64> = keyed.collect();
        if let Some(id) = self.by_name.get(&claim.name) {
            ids.insert(*id);
            let prefix = stem(&claim.name);
            let alike = self.candidates.values().filter(|known| known.name.starts_with(&prefix));
            ids.extend(alike.map(|known| known.device_id));
        }
        let candidate = |id: &i64| {
            let known = self.candidates.get(id)?;
            let open = self.unreported.contains(id) && known.keys.is_empty();
            Some(Candidate { kind: if open { claim.kind } else { known.kind }, ..known.clone() })
        };
        ids.iter().filter_map(candidate).collect()
    }
}

/// The largest character there is ends the range of everything that begins alike.
const NUMBERED: &str = "select id, device_identifier, name_explicit, kind, benchmarks from devices \
                        where device_identifier >= $1 and device_identifier < $2 and device_identifier <> $3";

fn numbered(name: &str) -> Vec<Value> {
    let stem = stem(name);
    vec![stem.as_str().into(), format!("{stem}{}", char::MAX).into(), name.into()]
}

/// What every numbered form of a name begins with: a long name is cut to make room for the number.
fn stem(name: &str) -> String {
    const UNCUT: usize = 235;
    if name.chars().count() > UNCUT { name.chars().take(UNCUT).collect() } else { format!("{name}-") }
}
