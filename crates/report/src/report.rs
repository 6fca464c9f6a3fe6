//! The report: one JSON document, from the agent to the server.

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::hardware::Hardware;
use crate::identity::Identity;
use crate::ids::ReportId;
use crate::measurement::Measurement;
use crate::missing::Missing;
use crate::names::DeviceIdentifier;
use crate::number::Whole;
use crate::results::Results;
use crate::text::{List, Name, Prose, null_is_default};
use crate::time::Timestamp;

/// The newest `schema_version` that this code reads.
pub const SCHEMA_VERSION: u64 = 1;

/// One report. Made by [`crate::parse()`], which refuses what is out of range; unknown fields are ignored
/// here, and live on in the original bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self")]
pub struct Report {
    /// Made by the client; the same id is stored once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_id: Option<ReportId>,
    /// Absent means 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<Whole>,
    /// The logical name. Present in every parsed report: see [`Report::device`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_identifier: Option<DeviceIdentifier>,
    /// What bare old clients send instead of `device_identifier`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<DeviceIdentifier>,
    /// Version of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bench_script_version: Option<Name>,
    /// Short free text about this benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Name>,
    /// Free text about this benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Prose>,
    /// When the client began, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the client finished, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How long the benchmark could take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Who this machine is.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Identity::is_empty")]
    pub identity: Identity,
    /// What it is made of.
    #[serde(default, deserialize_with = "null_is_default")]
    pub hardware: Hardware,
    /// The conditions of measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// The summary.
    #[serde(default, deserialize_with = "null_is_default")]
    pub results: Results,
    /// The raw truth.
    #[serde(default, deserialize_with = "null_is_default")]
    pub measurements: List<Measurement>,
    /// What could not be read or run.
    #[serde(default, deserialize_with = "null_is_default")]
    pub missing: List<Missing>,
}

crate::section::object!(Report);

impl Report {
    /// The name under which this report files itself.
    ///
    /// # Panics
    /// On a report that was built by hand without a name; [`crate::parse()`] refuses such a one.
    pub fn device(&self) -> &DeviceIdentifier {
        self.device_identifier.as_ref().expect("a parsed report has a device_identifier")
    }
}

/// How long a benchmark may take: the totals are hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// At most 20 s.
    Short,
    /// At most 90 s.
    Normal,
    /// At most 10 min.
    Thorough,
}

impl Preset {
    /// The name in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Normal => "normal",
            Self::Thorough => "thorough",
        }
    }
}
