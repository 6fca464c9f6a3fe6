//! A hardware snapshot as the API serves it.

use report::Timestamp;
use report::facts::{Difference, Facts, FactsError, Known, differences, facts};
use report::hardware::Hardware;
use report::missing::Missing;
use serde::Serialize;
use utoipa::ToSchema;

use super::privacy::public_hardware;

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

/// What a snapshot holds, and what none of its reports could read.
#[derive(Clone, Debug)]
pub struct SeenFacts {
    /// The snapshot.
    pub id: i64,
    /// Whose it is.
    pub device_id: i64,
    /// The facts.
    pub facts: Facts,
    /// What no report could read.
    pub missing: Vec<Missing>,
}

/// What differs between two snapshots.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SnapshotDiff {
    /// The snapshot before.
    pub before_id: i64,
    /// The snapshot after.
    pub after_id: i64,
    /// Both are of one machine. Of two, serial numbers, names, addresses and the kernel's command line are not compared.
    pub same_device: bool,
    /// What differs, by section; empty where nothing does.
    pub differences: Vec<Difference>,
}

impl SnapshotDiff {
    /// Compares two snapshots.
    ///
    /// # Errors
    /// If one is not what was stored.
    pub fn of(before: &SeenFacts, after: &SeenFacts, public: bool) -> Result<Self, FactsError> {
        let same_device = before.device_id == after.device_id;
        let shown = |seen: &SeenFacts| {
            if public || !same_device { without_serials(&seen.facts) } else { Ok(seen.facts.clone()) }
        };
        let (old, new) = (shown(before)?, shown(after)?);
        let differences = differences(
            Known { facts: &old, missing: &before.missing },
            Known { facts: &new, missing: &after.missing },
        );
        Ok(Self { before_id: before.id, after_id: after.id, same_device, differences })
    }
}

/// Facts of what a machine is, not of which one it is.
fn without_serials(all: &Facts) -> Result<Facts, FactsError> {
    let hardware = report::facts::hardware(all, &serde_json::Value::Null)?;
    Ok(facts(&public_hardware(hardware)))
}

/// Hardware in the shape of a report: facts, and the readings of one benchmark (`{}` for none). Graphics are served
/// both as the list and as the one card that old clients know.
///
/// # Errors
/// If either is not what was stored.
pub fn hardware(facts: Facts, readings: &serde_json::Value) -> Result<Hardware, FactsError> {
    let mut hardware = facts.with_readings(readings)?;
    let first = hardware.graphics().first().cloned();
    hardware.gpu = first;
    Ok(hardware)
}
