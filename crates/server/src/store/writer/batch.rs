//! Many reports, one commit.

use super::super::connection::Connection;
use super::super::error::{Class, StoreError};
use super::super::submission::{SubmitError, Submitted};
use super::device::Devices;
use super::earlier::{self, Fate};
use super::{Answer, RACES, Task, insert, snapshot};
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
        let outcomes = match self.raced(&submissions).await {
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
            self.given_up = self.stopping.is_cancelled();
            let unavailable = |_: &&Submission| Err(StoreError::Unavailable(None).into());
            return submissions.iter().map(unavailable).collect();
        }
        let mut outcomes = Vec::with_capacity(submissions.len());
        for submission in submissions {
            outcomes.push(match self.raced(&[submission]).await {
                Ok(mut one) => one.pop().unwrap_or(Err(StoreError::Unavailable(None).into())),
                Err(error) => Err(StoreError::from(error).into()),
            });
        }
        outcomes
    }

    /// A transaction that is tried anew while another server is in its way.
    async fn raced(&mut self, submissions: &[&Submission]) -> Result<Vec<Outcome>, sqlx::Error> {
        for _ in 1..RACES {
            match self.transaction(submissions).await {
                Err(error) if Class::of(&error) == Class::Race => {
                    tracing::debug!(%error, "another server was faster");
                }
                done => return done,
            }
        }
        self.transaction(submissions).await
    }

    async fn transaction(&mut self, submissions: &[&Submission]) -> Result<Vec<Outcome>, sqlx::Error> {
        self.options.engine().in_time(self.written(submissions)).await
    }

    async fn written(&mut self, submissions: &[&Submission]) -> Result<Vec<Outcome>, sqlx::Error> {
        let mut connection = self.begin().await?;
        match write(&mut connection, submissions).await {
            Ok(outcomes) => {
                self.commit(connection).await?;
                Ok(outcomes)
            }
            Err(error) => {
                if connection.rollback().await.is_ok() {
                    self.connection = Some(connection);
                }
                Err(error)
            }
        }
    }
}

async fn write(
    connection: &mut Connection,
    submissions: &[&Submission],
) -> Result<Vec<Outcome>, sqlx::Error> {
    let fates = earlier::fates(connection, submissions).await?;
    let is_new = |(_, fate): &(&&Submission, &Fate)| matches!(fate, Fate::New);
    let new: Vec<&Submission> = submissions.iter().zip(&fates).filter(is_new).map(|(one, _)| *one).collect();
    let mut stored = store(connection, &new).await?.into_iter();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(fates.len());
    for fate in fates {
        let outcome = match fate {
            Fate::New => stored.next().map(Ok).ok_or(sqlx::Error::RowNotFound)?,
            Fate::Known(outcome) => outcome,
            // The first of them was stored, or the whole batch was not.
            Fate::SameAs(first) => {
                outcomes[first].as_ref().map(Clone::clone).map_err(|_| sqlx::Error::RowNotFound).map(Ok)?
            }
        };
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Stores reports that nobody has seen before.
async fn store(connection: &mut Connection, new: &[&Submission]) -> Result<Vec<Submitted>, sqlx::Error> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut devices = Devices::find_or_create(connection, new).await?;
    let snapshots = snapshot::find_or_create(connection, new, &mut devices).await?;
    let benchmarks = insert::benchmarks(connection, new, &devices.of, &snapshots).await?;
    insert::raw_reports(connection, new, &benchmarks).await?;
    insert::metrics(connection, new, &benchmarks).await?;
    devices.take(new, &benchmarks);
    devices.save(connection).await?;
    let answers = new.iter().zip(&devices.of).zip(snapshots).zip(benchmarks);
    let answer =
        |(((submission, device), snapshot_id), benchmark_id): (((&&Submission, &i64), i64), i64)| Submitted {
            report_id: submission.report_id.clone(),
            device_id: *device,
            device_name: devices.get(*device).name.clone(),
            snapshot_id,
            benchmark_id,
            global_score: submission.global.map(|global| global.score),
            coverage: submission.coverage,
            verdict: submission.verdict,
        };
    Ok(answers.map(answer).collect())
}
