//! What came of a report.

use report::FieldError;
use report::measurement::Verdict;

use super::Store;
use super::error::StoreError;
use super::writer::{DeleteBenchmark, UpdateBenchmark};
use crate::domain::change::Author;
use crate::domain::remarks::RemarksPatch;
use crate::domain::submission::Submission;

/// What the client is told; the same for a replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitted {
    /// As in [`Submission::report_id`].
    pub report_id: String,
    /// The device that it was filed under.
    pub device_id: i64,
    /// That device's name, for its address.
    pub device_name: String,
    /// The hardware as it was.
    pub snapshot_id: i64,
    /// The new line of the device's history.
    pub benchmark_id: i64,
    /// Score of this benchmark, if any component counts.
    pub global_score: Option<f64>,
    /// Share of the weight that was measured, 0 to 1.
    pub coverage: f64,
    /// May its figures be trusted?
    pub verdict: Verdict,
}

/// Why a report was not stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Another body was stored under the same id.
    #[error("another report was already stored under this report_id")]
    Conflict,
    /// The benchmark of this report was deleted.
    #[error("the benchmark of this report was deleted")]
    Gone,
    /// It is another device's than the one that its token is for.
    #[error("the report is filed under another device than its token is for")]
    OtherDevice,
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Stores a report; returns after the commit.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub async fn submit(&self, submission: Submission) -> Result<Submitted, SubmitError> {
        self.inner.writer.submit(submission).await
    }

    /// Deletes a benchmark, with its figures and its raw report, and what the device stands for is told anew from the
    /// rest. Its report is refused from now on. False if there is no such benchmark.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn delete_benchmark(&self, id: i64, author: Author) -> Result<bool, StoreError> {
        self.inner.writer.write(DeleteBenchmark { id, author }).await
    }

    /// Changes what people say of a benchmark; where it counts for nothing from now on, or counts again, what the device
    /// stands for is told anew. `None` if there is no such benchmark; within, the fields that do not fit.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn update_benchmark(
        &self,
        id: i64,
        patch: RemarksPatch,
        author: Author,
    ) -> Result<Option<Result<(), Vec<FieldError>>>, StoreError> {
        self.inner.writer.write(UpdateBenchmark { id, patch, author }).await
    }
}
