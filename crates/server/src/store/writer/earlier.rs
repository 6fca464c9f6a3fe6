//! What became of a report before: stored, refused for good, or never seen.

use std::collections::{BTreeSet, HashMap};

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::stored;
use super::super::submission::{SubmitError, Submitted};
use super::super::value::{Columns, Row, Value};
use super::batch::Outcome;
use crate::domain::submission::Submission;

/// What to do with one report of a batch.
pub(super) enum Fate {
    /// Store it.
    New,
    /// Nothing: this was the answer, or is now.
    Known(Outcome),
    /// Nothing: the report at that place of the batch is the same one.
    SameAs(usize),
}

const STORED: Bulk = Bulk::any_of(
    "select b.report_id, b.body_sha256, d.device_identifier, b.device_id, d.name, b.snapshot_id, b.id, b.global_score, \
     b.coverage, b.verdict from benchmarks b join devices d on d.id = b.device_id where b.report_id in",
    "",
);
const ALIASES: Bulk =
    Bulk::any_of("select device_identifier, device_id from device_aliases where device_identifier in", "");
const DELETED: Bulk = Bulk::any_of("select report_id from tombstones where report_id in", "");

/// Decides on each report of a batch.
pub(super) async fn fates(
    connection: &mut Connection,
    submissions: &[&Submission],
) -> Result<Vec<Fate>, sqlx::Error> {
    let ids: Vec<Value> = submissions.iter().map(|one| one.report_id.as_str().into()).collect();
    let mut known = HashMap::new();
    for row in connection.fetch_bulk(&DELETED, ids.clone()).await? {
        known.insert(row.get::<String>(0)?, None);
    }
    for row in connection.fetch_bulk(&STORED, ids).await? {
        let stored = Stored::from_row(&row)?;
        known.insert(stored.answer.report_id.clone(), Some(stored));
    }
    let aliases = aliases(connection, submissions).await?;
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut fates = Vec::with_capacity(submissions.len());
    for (place, submission) in submissions.iter().enumerate() {
        let id = submission.report_id.as_str();
        fates.push(match known.get(id) {
            Some(None) => Fate::Known(Err(SubmitError::Gone)),
            Some(Some(stored)) => Fate::Known(stored.outcome(submission, &aliases)),
            None => match *first.entry(id).or_insert(place) {
                earlier if earlier == place => Fate::New,
                earlier => twice(submissions[earlier], submission, earlier)?,
            },
        });
    }
    Ok(fates)
}

/// Two reports of one batch have one id.
fn twice(earlier: &Submission, later: &Submission, place: usize) -> Result<Fate, sqlx::Error> {
    if earlier.body_sha256 != later.body_sha256 {
        return Ok(Fate::Known(Err(SubmitError::Conflict)));
    }
    // What holds for one token does not for the other: each report gets a transaction of its own.
    if earlier.only_device != later.only_device {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(Fate::SameAs(place))
}

/// Where the names lead that tokens of these reports are for.
async fn aliases(
    connection: &mut Connection,
    submissions: &[&Submission],
) -> Result<HashMap<String, i64>, sqlx::Error> {
    let names: BTreeSet<&str> = submissions.iter().filter_map(|one| one.only_device.as_deref()).collect();
    let rows = connection.fetch_bulk(&ALIASES, names.into_iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A report that was stored before.
struct Stored {
    body_sha256: Vec<u8>,
    /// Of the device that it was filed under.
    device_identifier: String,
    answer: Submitted,
}

impl Stored {
    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        let mut columns = Columns::of(row);
        let report_id = columns.next()?;
        let (body_sha256, device_identifier) = (columns.next()?, columns.next()?);
        let answer = Submitted {
            report_id,
            device_id: columns.next()?,
            device_name: columns.next()?,
            snapshot_id: columns.next()?,
            benchmark_id: columns.next()?,
            global_score: columns.next()?,
            coverage: columns.next()?,
            verdict: stored::verdict(&columns.next::<String>()?),
        };
        Ok(Self { body_sha256, device_identifier, answer })
    }

    /// The first answer once more, unless it is that of another device than the token is for.
    fn outcome(&self, again: &Submission, aliases: &HashMap<String, i64>) -> Outcome {
        if self.body_sha256 != again.body_sha256 {
            return Err(SubmitError::Conflict);
        }
        let is_of =
            |only: &str| only == self.device_identifier || aliases.get(only) == Some(&self.answer.device_id);
        if again.only_device.as_deref().is_none_or(is_of) {
            return Ok(self.answer.clone());
        }
        Err(SubmitError::OtherDevice)
    }
}
