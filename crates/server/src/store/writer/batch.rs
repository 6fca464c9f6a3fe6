//! Many reports, one commit.

use super::super::connection::Connection;
use super::super::error::{Class, StoreError};
use super::super::submission::{SubmitError, Submitted};
use super::devices::Devices;
use super::earlier::{self, Fate};
use super::identity::{Filed, Pool};
use super::snapshot::{self, Placed};
use super::{Answer, Task, Work, insert};
use crate::domain::submission::Submission;

type Report = (Box<Submission>, Answer);

/// What came of one report.
pub(super) type Outcome = Result<Submitted, SubmitError>;

impl Task {
    /// Writes reports in one transaction, and answers after its commit. If one of them cannot be written, each gets a
    /// transaction of its own, so that it harms nobody else.
    pub(super) async fn reports(&mut self, reports: Vec<Report>) {
        if reports.is_empty() {
            return;
        }
        if self.given_up {
            for (_, answer) in reports {
                drop(answer.send(Err(StoreError::Unavailable(None).into())));
            }
            return;
        }
        let submissions: Vec<&Submission> = reports.iter().map(|(submission, _)| &**submission).collect();
        self.told.meter.batch.record(submissions.len() as f64);
        let outcomes = match self.transaction(&mut &*submissions).await {
            Ok(outcomes) => outcomes,
            Err(error) => self.one_by_one(&submissions, error).await,
        };
        for ((_, answer), outcome) in reports.into_iter().zip(outcomes) {
            // Whoever asked may have gone away; the report stands.
            drop(answer.send(outcome));
        }
    }

    async fn one_by_one(&mut self, submissions: &[&Submission], error: sqlx::Error) -> Vec<Outcome> {
        tracing::warn!(%error, reports = submissions.len(), "a batch was rolled back");
        // A full disk or a lost server answers all of them alike.
        if Class::of(&error) == Class::Unavailable {
            self.given_up = self.told.stopping.is_cancelled();
            let unavailable = |_: &&Submission| Err(StoreError::Unavailable(None).into());
            return submissions.iter().map(unavailable).collect();
        }
        let mut outcomes = Vec::with_capacity(submissions.len());
        for submission in submissions {
            outcomes.push(match self.transaction(&mut [*submission].as_slice()).await {
                Ok(mut one) => one.pop().unwrap_or(Err(StoreError::Unavailable(None).into())),
                Err(error) => Err(StoreError::from(error).into()),
            });
        }
        outcomes
    }
}

impl Work for &[&Submission] {
    type Done = Vec<Outcome>;

    async fn write(&mut self, connection: &mut Connection) -> Result<Vec<Outcome>, sqlx::Error> {
        let fates = earlier::fates(connection, self).await?;
        let is_new = |(_, fate): &(&&Submission, &Fate)| matches!(fate, Fate::New);
        let new: Vec<&Submission> = self.iter().zip(&fates).filter(is_new).map(|(one, _)| *one).collect();
        let mut stored = store(connection, &new).await?.into_iter();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(fates.len());
        for fate in fates {
            let outcome = match fate {
                Fate::New => stored.next().ok_or(sqlx::Error::RowNotFound)?,
                Fate::Known(outcome) => outcome,
                Fate::SameAs(first) => same(&outcomes[first])?,
            };
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }
}

/// The first of two that are the same was stored, or refused for its token's sake as the other is, or the whole batch was not.
fn same(first: &Outcome) -> Result<Outcome, sqlx::Error> {
    match first {
        Ok(stored) => Ok(Ok(stored.clone())),
        Err(SubmitError::OtherDevice) => Ok(Err(SubmitError::OtherDevice)),
        Err(_) => Err(sqlx::Error::RowNotFound),
    }
}

/// Stores reports that nobody has seen before, and refuses those whose tokens are for other devices.
pub(super) async fn store(
    connection: &mut Connection,
    new: &[&Submission],
) -> Result<Vec<Outcome>, sqlx::Error> {
    let (pool, filed) = Pool::file(connection, new).await?;
    let accepted = new.iter().zip(&filed).filter(|(_, filed)| filed.is_some());
    let accepted: Vec<&Submission> = accepted.map(|(one, _)| *one).collect();
    let refused: Vec<bool> = filed.iter().map(Option::is_none).collect();
    let filed = (pool, filed.into_iter().flatten().collect());
    let mut stored = store_filed(connection, &accepted, filed).await?.into_iter();
    let outcome = |refused| match refused {
        true => Ok(Err(SubmitError::OtherDevice)),
        false => stored.next().map(Ok).ok_or(sqlx::Error::RowNotFound),
    };
    refused.into_iter().map(outcome).collect()
}

async fn store_filed(
    connection: &mut Connection,
    new: &[&Submission],
    filed: (Pool, Vec<Filed>),
) -> Result<Vec<Submitted>, sqlx::Error> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut devices = Devices::find_or_create(connection, new, filed).await?;
    let snapshots = snapshot::find_or_create(connection, new, &mut devices).await?;
    let benchmarks = insert::benchmarks(connection, new, &devices.of, &snapshots).await?;
    insert::raw_reports(connection, new, &benchmarks).await?;
    insert::metrics(connection, new, &benchmarks).await?;
    devices.take(new, &benchmarks);
    devices.save(connection).await?;
    let answers = new.iter().zip(&devices.of).zip(snapshots).zip(benchmarks);
    let answer =
        |(((submission, device), snapshot), benchmark_id): (((&&Submission, &i64), Placed), i64)| Submitted {
            report_id: submission.report_id.clone(),
            device_id: *device,
            device_name: devices.get(*device).name().to_owned(),
            snapshot_id: snapshot.id,
            benchmark_id,
            global_score: submission.global.map(|global| global.score),
            coverage: submission.coverage,
            verdict: submission.verdict,
        };
    Ok(answers.map(answer).collect())
}
