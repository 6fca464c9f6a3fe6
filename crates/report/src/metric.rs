//! Components, metric ids, and the catalogue of the metrics that we measure ourselves.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// A part of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Processor.
    Cpu,
    /// Main memory.
    Memory,
    /// Storage.
    Disk,
    /// Network to the server.
    Network,
    /// Graphics.
    Gpu,
}

impl Component {
    /// All components, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Cpu, Self::Memory, Self::Disk, Self::Network, Self::Gpu];

    /// The name in ids and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Network => "network",
            Self::Gpu => "gpu",
        }
    }

    /// The component of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|component| component.as_str() == name)
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// `<component>.<field>` in lower-case letters, digits and underscores, at most 255 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(max_length = 255, pattern = "^[a-z0-9_]+\\.[a-z0-9_]+$"))]
#[serde(transparent)]
pub struct MetricId(String);

impl MetricId {
    /// Checks the form.
    pub fn new(id: &str) -> Result<Self, String> {
        let part = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        match id.split_once('.') {
            Some((component, field)) if id.len() <= 255 && part(component) && part(field) => {
                Ok(Self(id.to_owned()))
            }
            _ => Err("expected <component>.<field> in lower case, such as disk.read_mb_s".to_owned()),
        }
    }

    /// The plain id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The component before the dot, if it is one of the five.
    pub fn component(&self) -> Option<Component> {
        Component::from_name(self.0.split_once('.')?.0)
    }

    /// What the catalogue says of this metric.
    pub fn definition(&self) -> Option<&'static Definition> {
        CATALOGUE.iter().find(|definition| definition.id == self.0)
    }
}

impl fmt::Display for MetricId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MetricId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// One metric of our own tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Definition {
    /// Its id.
    pub id: &'static str,
    /// Its unit, as shown.
    pub unit: &'static str,
    /// Which way is better.
    pub direction: Direction,
}

const fn higher(id: &'static str, unit: &'static str) -> Definition {
    Definition { id, unit, direction: Direction::Higher }
}

const fn lower(id: &'static str, unit: &'static str) -> Definition {
    Definition { id, unit, direction: Direction::Lower }
}

/// Every metric that the agent measures, in the order in which it is shown. `_single`: one thread;
/// `_multi`: one thread per processor.
pub const CATALOGUE: &[Definition] = &[
    higher("cpu.events_per_sec_single", "events/s"),
    higher("cpu.events_per_sec_multi", "events/s"),
    higher("cpu.integer_mops_single", "Mops/s"),
    higher("cpu.integer_mops_multi", "Mops/s"),
    higher("cpu.sha256_mb_s_single", "MB/s"),
    higher("cpu.sha256_mb_s_multi", "MB/s"),
    higher("cpu.deflate_mb_s_single", "MB/s"),
    higher("cpu.deflate_mb_s_multi", "MB/s"),
    higher("cpu.matrix_gflops_single", "GFLOP/s"),
    higher("cpu.matrix_gflops_multi", "GFLOP/s"),
    higher("cpu.sort_mkeys_s_single", "Mkeys/s"),
    higher("cpu.sort_mkeys_s_multi", "Mkeys/s"),
    higher("memory.throughput_mib_s", "MiB/s"),
    higher("memory.copy_mib_s_single", "MiB/s"),
    higher("memory.scale_mib_s_single", "MiB/s"),
    higher("memory.add_mib_s_single", "MiB/s"),
    higher("memory.triad_mib_s_single", "MiB/s"),
    higher("memory.copy_mib_s_multi", "MiB/s"),
    higher("memory.scale_mib_s_multi", "MiB/s"),
    higher("memory.add_mib_s_multi", "MiB/s"),
    lower("memory.latency_ns", "ns"),
    higher("disk.read_mb_s", "MB/s"),
    higher("disk.write_mb_s", "MB/s"),
    higher("disk.iops_read", "IOPS"),
    higher("disk.iops_write", "IOPS"),
    higher("disk.iops_read_qd1", "IOPS"),
    higher("disk.iops_write_qd1", "IOPS"),
    lower("disk.latency_ms", "ms"),
    lower("disk.latency_p99_ms", "ms"),
    higher("network.upload_mbps", "Mbit/s"),
    higher("network.download_mbps", "Mbit/s"),
    lower("network.ping_ms", "ms"),
    lower("network.ping_p99_ms", "ms"),
    lower("network.jitter_ms", "ms"),
    lower("network.packet_loss_percent", "%"),
];
