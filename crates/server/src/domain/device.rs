//! A device as the API serves it.

use std::collections::BTreeMap;

use report::identity::Hint;
use report::measurement::Verdict;
use report::{Component, DeviceKind, Preset, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::benchmark::ComponentScore;
use super::device_groups::Siblings;
use super::ranking::LastBenchmark;
use super::standing::{Evidence, Standing};
use super::typed::{Currency, Custom, Date, Id, Line, Prose, Quantity, Status, Tags, Typed};

/// One machine: what people typed of it, what reports say, what of both counts, and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Device {
    /// Its id, never used twice.
    pub id: i64,
    /// The logical name that its reports carry.
    pub device_identifier: String,
    /// Moves with what people type; `If-Match` takes it.
    pub version: i64,
    /// What it is called: as typed, else its `device_identifier`.
    pub name: String,
    /// What it is for.
    pub description: Option<Prose>,
    /// Number on its label.
    pub asset_tag: Option<Line>,
    /// Where it stands.
    pub location: Option<Line>,
    /// Whose it is.
    pub owner: Option<Line>,
    /// Words to find it by.
    pub tags: Tags,
    /// What sort of machine it is: as typed, else as reported.
    pub kind: DeviceKind,
    /// What it is used for now.
    pub status: Status,
    /// The device that it runs on: as typed, else as reported.
    pub hosted_on: Option<i64>,
    /// Who made it.
    pub manufacturer: Option<Line>,
    /// Its model: as typed, else as reported.
    pub model: Option<String>,
    /// What devices of its hardware model share, and no others.
    pub model_key: Option<String>,
    /// Its serial number.
    pub serial: Option<Line>,
    /// Who sold it.
    pub purchased_from: Option<Line>,
    /// The day it was bought.
    pub purchased_at: Option<Date>,
    /// What it cost.
    pub price: Option<Quantity>,
    /// Of the price, as ISO 4217 has it.
    pub currency: Option<Currency>,
    /// The last day of its warranty.
    pub warranty_until: Option<Date>,
    /// Power drawn when idle, watts.
    pub power_idle_w: Option<Quantity>,
    /// Power drawn under load, watts.
    pub power_load_w: Option<Quantity>,
    /// Id of the document that is its photo: an image of its own, or of its model.
    pub photo_doc_id: Option<Id>,
    /// Whatever else is worth writing down.
    pub notes: Option<Prose>,
    /// Fields of people's own, by name.
    pub custom: Custom,
    /// Its id in another system.
    pub external_id: Option<Line>,
    /// What people typed, and nothing else: what PUT takes.
    pub typed: Typed,
    /// What reports say.
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
    /// Where it stands among the devices of its hardware model; only where one device is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub siblings: Option<Siblings>,
    /// When it was first heard of.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A device as it is stored.
#[derive(Clone, Debug)]
pub struct StoredDevice {
    /// Its id.
    pub id: i64,
    /// The logical name that its reports carry.
    pub device_identifier: String,
    /// Moves with what people type.
    pub version: i64,
    /// What people typed.
    pub typed: Typed,
    /// What devices of its hardware model share.
    pub model_key: Option<String>,
    /// What reports say; without any, only its kind means something.
    pub reported: ReportedFields,
    /// What sort of machine it is, or is taken for as long as no report says it.
    pub kind: DeviceKind,
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

impl From<StoredDevice> for Device {
    fn from(stored: StoredDevice) -> Self {
        let StoredDevice { id, device_identifier, version, typed, reported, .. } = stored;
        Self {
            id,
            version,
            name: typed.name.as_deref().map_or_else(|| device_identifier.clone(), str::to_owned),
            device_identifier,
            description: typed.description.clone(),
            asset_tag: typed.asset_tag.clone(),
            location: typed.location.clone(),
            owner: typed.owner.clone(),
            tags: typed.tags.clone().unwrap_or_default(),
            kind: typed.kind.unwrap_or(stored.kind),
            status: typed.status.unwrap_or_default(),
            hosted_on: typed.hosted_on.map(Id::get).or(reported.hosted_on),
            manufacturer: typed.manufacturer.clone(),
            model: typed.model.as_deref().map(str::to_owned).or_else(|| reported.model.clone()),
            model_key: stored.model_key,
            serial: typed.serial.clone(),
            purchased_from: typed.purchased_from.clone(),
            purchased_at: typed.purchased_at.clone(),
            price: typed.price,
            currency: typed.currency.clone(),
            warranty_until: typed.warranty_until.clone(),
            power_idle_w: typed.power_idle_w,
            power_load_w: typed.power_load_w,
            photo_doc_id: typed.photo_doc_id,
            notes: typed.notes.clone(),
            custom: typed.custom.clone().unwrap_or_default(),
            external_id: typed.external_id.clone(),
            typed,
            reported,
            standing: stored.standing,
            benchmark_count: stored.benchmark_count,
            last_benchmark: stored.last_benchmark,
            last_snapshot: stored.last_snapshot,
            hints: stored.hints,
            siblings: None,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}

impl Device {
    /// The tag of this version, as `If-Match` takes it.
    pub fn etag(version: i64) -> String {
        format!("\"v{version}\"")
    }
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

/// What reports say of a device, beside what people typed; null where none says it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportedFields {
    /// Host name.
    pub hostname: Option<String>,
    /// Host name with its domain.
    pub fqdn: Option<String>,
    /// What sort of machine it is.
    pub kind: Option<DeviceKind>,
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

impl From<Evidence> for ComponentStanding {
    fn from(evidence: Evidence) -> Self {
        let Evidence { benchmark_id, effective_at, preset, basis: _, result } = evidence;
        Self {
            score: ComponentScore::from(result),
            benchmark_id,
            effective_at: Timestamp::from_ms(effective_at),
            preset,
        }
    }
}

/// The components of the scale that the device is ranked on.
pub fn counting(standing: Standing) -> BTreeMap<Component, ComponentStanding> {
    standing.into_counting().map(|(component, evidence)| (component, evidence.into())).collect()
}
