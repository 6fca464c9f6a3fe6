//! A hardware snapshot as the API serves it.

use report::Timestamp;
use report::facts::{Facts, FactsError};
use report::hardware::Hardware;
use serde::Serialize;
use utoipa::ToSchema;

/// The hardware of a device between two changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Snapshot {
    /// Its id, never used twice.
    pub id: i64,
    /// Whose it is.
    pub device_id: i64,
    /// What that is called.
    pub device_name: String,
    /// When this hardware was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
}

/// A snapshot with everything in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FullSnapshot {
    /// What lists show.
    #[serde(flatten)]
    pub snapshot: Snapshot,
    /// What the machine is made of, in the shape of a report.
    pub hardware: Hardware,
}

/// Hardware in the shape of a report: facts, and the readings of one benchmark (`{}` for none). Graphics are served
/// both as the list and as the one card that old clients know.
///
/// # Errors
/// If either is not what was stored.
pub fn hardware(facts: &Facts, readings: &serde_json::Value) -> Result<Hardware, FactsError> {
    let mut hardware = report::facts::hardware(facts, readings)?;
    let first = hardware.graphics().first().cloned();
    hardware.gpu = first;
    Ok(hardware)
}
