//! Many reports, one commit.

use super::super::connection::Connection;
use super::super::error::{Class, StoreError};
use super::super::submission::{SubmitError, Submitted};
use super::{Answer, Task, insert};
use crate::domain::submission::Submission;

type Report = (Box<Submission>, Answer);
type Outcome = Result<Submitted, SubmitError>;

impl Task {
    /// Writes reports in one transaction, and answers after its commit. If one of them cannot be written, each gets a
    /// transaction of its own, so that it harms nobody else.
    pub(super) async fn reports(&mut self, reports: Vec<Report>) {
        if reports.is_empty() {
            return;
        }
        let submissions: Vec<&Submission> = reports.iter().map(|(submission, _)| &**submission).collect();
        let outcomes = match self.transaction(&submissions).await {
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
            let unavailable = |_: &&Submission| Err(StoreError::Unavailable(None).into());
            return submissions.iter().map(unavailable).collect();
        }
        let mut outcomes = Vec::with_capacity(submissions.len());
        for submission in submissions {
            let mut outcome = self.transaction(&[submission]).await;
            if outcome.as_ref().is_err_and(|error| Class::of(error) == Class::Race) {
                outcome = self.transaction(&[submission]).await;
            }
            outcomes.push(match outcome {
                Ok(mut one) => one.pop().unwrap_or(Err(StoreError::Unavailable(None).into())),
                Err(error) => Err(StoreError::from(error).into()),
            });
        }
        outcomes
    }

    async fn transaction(&mut self, submissions: &[&Submission]) -> Result<Vec<Outcome>, sqlx::Error> {
        let mut connection = self.connection().await?;
        connection.begin().await?;
        match write_all(&mut connection, submissions).await {
            Ok(outcomes) => {
                // After a failed commit nobody knows what is in the connection: it is dropped.
                connection.commit().await?;
                self.connection = Some(connection);
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

async fn write_all(
    connection: &mut Connection,
    submissions: &[&Submission],
) -> Result<Vec<Outcome>, sqlx::Error> {
    let mut outcomes = Vec::with_capacity(submissions.len());
    for submission in submissions {
        outcomes.push(insert::report(connection, submission).await?);
    }
    Ok(outcomes)
}
