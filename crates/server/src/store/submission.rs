//! A report on its way into the store, and what came of it.

use report::measurement::Verdict;

use super::error::StoreError;

/// A report with everything that can be derived from it alone, ready to be written.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The client's `report_id`, or `sha256:…` of the body where there is none.
    pub report_id: String,
    /// SHA-256 of the decoded body.
    pub body_sha256: [u8; 32],
}

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
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
