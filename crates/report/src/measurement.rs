//! One measured metric, with all its samples: the raw truth of a benchmark.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::metric::{Direction, MetricId};
use crate::number::{Quantity, Real, Whole};
use crate::section::section;
use crate::text::{List, Name, Prose};

/// The value of one metric in one benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self")]
pub struct Measurement {
    /// Which metric.
    pub metric: MetricId,
    /// Unit of `value`, `samples`, `spread` and the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Name>,
    /// Which way is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The median of the samples; absent when there is no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Real>,
    /// Every sample, in time order. Absent for a figure that is no median of samples, such as a loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<List<Real>>,
    /// Median absolute deviation of the samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Quantity>,
    /// Lower end of the 95 % interval of the median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci_low: Option<Real>,
    /// Upper end of the 95 % interval of the median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci_high: Option<Real>,
    /// Conditions that decide comparability, and evidence for the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Params>,
    /// Version of the test that yielded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_version: Option<Whole>,
    /// What the agent thinks; derived again by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Why, as the agent sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<List<Reason>>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Prose>,
}

crate::section::object!(Measurement);

/// May a figure be trusted? Ordered from best to worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing speaks against it.
    #[default]
    Valid,
    /// There is evidence that the figure is off.
    Suspect,
    /// No figure.
    Invalid,
}

impl Verdict {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Suspect => "suspect",
            Self::Invalid => "invalid",
        }
    }
}

/// A reason as it travels: a code, and the evidence in words. Old clients may send the bare code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The code, such as `busy`.
    pub code: Name,
    /// The evidence, such as `12 % background load`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Prose>,
}

/// The long form of a reason.
#[derive(Deserialize)]
struct FullReason {
    code: Name,
    #[serde(default)]
    evidence: Option<Prose>,
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReasonVisitor)
    }
}

/// Not an untagged enum, which would lose the path of an error.
struct ReasonVisitor;

impl<'de> Visitor<'de> for ReasonVisitor {
    type Value = Reason;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a reason: its code, or an object with code and evidence")
    }

    fn visit_str<E: de::Error>(self, code: &str) -> Result<Reason, E> {
        Ok(Reason { code: Name::new(code).map_err(E::custom)?, evidence: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Reason, A::Error> {
        let FullReason { code, evidence } = FullReason::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Reason { code, evidence })
    }
}

section! {
    /// How a test was run. Only what applies is present.
    pub struct Params {
        /// Threads that worked at once.
        pub threads: Whole,
        /// Widest instruction set that the test used: `sse2`, `avx2`, `avx512`, `sha_ni`, `neon` …
        pub instruction_set: Name,
        /// One thread on each class of cores, in the metric's unit; the figure is that of the fastest class.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Quantity>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub by_core_class: BTreeMap<String, Quantity>,
        /// Seconds that the samples took together.
        pub duration_s: Quantity,
        /// Bytes of one array or of the chased buffer (memory tests).
        pub array_bytes: Whole,
        /// Bytes of the last-level cache, as the test saw it.
        pub last_level_cache_bytes: Whole,
        /// Random chase: nanoseconds per access by buffer size in KiB.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Quantity>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub latency_by_size_kib: BTreeMap<String, Quantity>,
        /// Folder that was measured (disk).
        pub path: Prose,
        /// Another folder than the first that was to be measured: shown, and never scored (disk).
        pub extra_path: bool,
        /// File system of that folder, as the kernel names it.
        pub fs_type: Name,
        /// Block device under it, where known: `nvme0n1`.
        pub device: Name,
        /// The file system compresses.
        pub compressed: bool,
        /// The device is encrypted (dm-crypt).
        pub encrypted: bool,
        /// `io_uring` or `pread`.
        pub engine: Name,
        /// O_DIRECT was in force.
        pub direct: bool,
        /// Reads came from memory all the same (ZFS's ARC, a hypervisor's cache).
        pub cached_reads: bool,
        /// Requests in flight.
        pub queue_depth: Whole,
        /// Bytes of one request.
        pub block_bytes: Whole,
        /// Bytes of the test file.
        pub file_bytes: Whole,
        /// The file is smaller than the preset asks, for want of space.
        pub space_short: bool,
        /// Server that was measured against (network).
        pub server: Prose,
        /// Connections used at once (network).
        pub connections: Whole,
        /// Server and client are one host.
        pub same_host: bool,
        /// The server measured somebody else; this figure shared its link.
        pub server_busy: bool,
        /// Network interface that leads to the server.
        pub interface: Name,
        /// Graphics by a software rasteriser: its name.
        pub software_rasteriser: Name,
        /// Checksum of the test's output was right.
        pub output_correct: bool,
    }
}
