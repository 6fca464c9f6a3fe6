//! What became of a report before: stored, refused for good, or never seen.

use std::collections::HashMap;

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
    "select b.report_id, b.body_sha256, b.device_id, d.name, b.snapshot_id, b.id, b.global_score, \
     b.coverage, b.verdict from benchmarks b join devices d on d.id = b.device_id where b.report_id in",
    "",
);
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
        let (body, submitted) = stored_answer(&row)?;
        known.insert(submitted.report_id.clone(), Some((body, submitted)));
    }
    let mut first: HashMap<&str, usize> = HashMap::new();
    let fates = submissions.iter().enumerate().map(|(place, submission)| {
        let id = submission.report_id.as_str();
        match known.get(id) {
            Some(None) => Fate::Known(Err(SubmitError::Gone)),
            Some(Some((body, answer))) if *body == submission.body_sha256 => Fate::Known(Ok(answer.clone())),
            Some(Some(_)) => Fate::Known(Err(SubmitError::Conflict)),
            None => match *first.entry(id).or_insert(place) {
                earlier if earlier == place => Fate::New,
                earlier if submissions[earlier].body_sha256 == submission.body_sha256 => {
                    Fate::SameAs(earlier)
                }
                _ => Fate::Known(Err(SubmitError::Conflict)),
            },
        }
    });
    Ok(fates.collect())
}

fn stored_answer(row: &Row) -> Result<(Vec<u8>, Submitted), sqlx::Error> {
    let mut columns = Columns::of(row);
    let report_id = columns.next()?;
    let body = columns.next()?;
    let submitted = Submitted {
        report_id,
        device_id: columns.next()?,
        device_name: columns.next()?,
        snapshot_id: columns.next()?,
        benchmark_id: columns.next()?,
        global_score: columns.next()?,
        coverage: columns.next()?,
        verdict: stored::verdict(&columns.next::<String>()?),
    };
    Ok((body, submitted))
}
