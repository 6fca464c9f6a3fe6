//! A device as the API serves it.

use std::collections::BTreeMap;

use report::identity::Hint;
use report::measurement::Verdict;
use report::{Component, DeviceKind, Preset, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::benchmark::ComponentScore;
use super::ranking::LastBenchmark;
use super::standing::{Evidence, Standing};

/// One machine with how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Device {
    /// Its id, never used twice.
    pub id: i64,
    /// The logical name that its reports carry.
    pub device_identifier: String,
    /// What it is called.
    pub name: String,
    /// What sort of machine it is.
    pub kind: DeviceKind,
    /// Model of the machine, or of its board.
    pub model: Option<String>,
    /// The device that it runs on.
    pub hosted_on: Option<i64>,
    /// The same things as reports have them.
    pub reported: ReportedFields,
    /// Its best evidence.
    pub standing: DeviceStanding,
    /// How many benchmarks it has.
    pub benchmark_count: u64,
    /// The newest.
    pub last_benchmark: Option<LastBenchmark>,
    /// The hardware as last read.
    pub last_snapshot: Option<LastSnapshot>,
    /// What the keys of its reports say about other devices.
    pub hints: Vec<DeviceHint>,
    /// When it was first heard of.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Something to look into: `same_hardware_as` another device, `copy_of` one, `merge_with` one, or `keys_point_to` several;
/// or `board_changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceHint {
    /// What it is.
    pub kind: String,
    /// The other devices.
    pub device_ids: Vec<i64>,
}

impl DeviceHint {
    /// What identity says; `id` gives devices that were just made their ids.
    pub fn of(hint: &Hint, id: impl Fn(i64) -> i64) -> Self {
        let (kind, devices) = match hint {
            Hint::SameHardwareAs(other) => ("same_hardware_as", std::slice::from_ref(other)),
            Hint::BoardChanged => ("board_changed", [].as_slice()),
            Hint::CopyOf(other) => ("copy_of", std::slice::from_ref(other)),
            Hint::MergeWith(other) => ("merge_with", std::slice::from_ref(other)),
            Hint::KeysPointTo(others) => ("keys_point_to", others.as_slice()),
        };
        Self { kind: kind.to_owned(), device_ids: devices.iter().map(|device| id(*device)).collect() }
    }

    /// To be stored: `copy_of:3`.
    pub fn to_stored(&self) -> String {
        let ids: Vec<String> = self.device_ids.iter().map(ToString::to_string).collect();
        if ids.is_empty() { self.kind.clone() } else { format!("{}:{}", self.kind, ids.join(",")) }
    }

    /// As it was stored.
    pub fn from_stored(text: &str) -> Self {
        let (kind, ids) = text.split_once(':').unwrap_or((text, ""));
        let device_ids = ids.split(',').filter_map(|id| id.parse().ok()).collect();
        Self { kind: kind.to_owned(), device_ids }
    }
}

/// What reports say of a device, beside what counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportedFields {
    /// Host name.
    pub hostname: Option<String>,
    /// Host name with its domain.
    pub fqdn: Option<String>,
    /// What sort of machine it is.
    pub kind: DeviceKind,
    /// Model of the machine, or of its board.
    pub model: Option<String>,
    /// The device that it runs on.
    pub hosted_on: Option<i64>,
}

/// The snapshot of the newest benchmark.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LastSnapshot {
    /// Its id.
    pub id: i64,
    /// When this hardware was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
}

/// Where a device stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceStanding {
    /// It has a place in the ranking.
    pub ranked: bool,
    /// Scale of the scores; `None` without any.
    pub score_basis: Option<String>,
    /// All components together.
    pub global_score: Option<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// Share of the weight that was measured, 0 to 1.
    pub coverage: f64,
    /// The worst of the components.
    pub verdict: Verdict,
    /// What counts for each component.
    pub components: BTreeMap<Component, ComponentStanding>,
}

/// The result that speaks for a component, and where it comes from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentStanding {
    /// The result.
    #[serde(flatten)]
    pub score: ComponentScore,
    /// The benchmark.
    pub benchmark_id: i64,
    /// When that was measured.
    pub effective_at: Timestamp,
    /// How long it could take.
    pub preset: Option<Preset>,
}

impl From<&Evidence> for ComponentStanding {
    fn from(evidence: &Evidence) -> Self {
        let Evidence { benchmark_id, effective_at, preset, basis: _, result } = evidence;
        Self {
            score: ComponentScore::from(result),
            benchmark_id: *benchmark_id,
            effective_at: Timestamp::from_ms(*effective_at),
            preset: *preset,
        }
    }
}

/// The components of the scale that the device is ranked on.
pub fn counting(standing: &Standing) -> BTreeMap<Component, ComponentStanding> {
    standing.counting().map(|(component, evidence)| (component, evidence.into())).collect()
}
