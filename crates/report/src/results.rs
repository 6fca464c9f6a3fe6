//! The summary that every client sends, old ones included.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::metric::Component;
use crate::number::{Percent, Quantity, Real};
use crate::section::section;
use crate::text::Name;

section! {
    /// One figure per known field; any section may be absent.
    pub struct Results {
        /// Processor.
        pub cpu: CpuResults,
        /// Main memory.
        pub memory: MemoryResults,
        /// Storage.
        pub disk: DiskResults,
        /// Network to the server.
        pub network: NetworkResults,
        /// Graphics.
        pub gpu: GpuResults,
        /// What the client thinks; kept, not used.
        pub global_score: Quantity,
    }

    /// Processor.
    pub struct CpuResults {
        /// Normalised score of the component.
        pub score: Quantity,
        /// Score of one thread.
        pub score_single: Quantity,
        /// Score of all threads.
        pub score_multi: Quantity,
        /// Prime loop, one thread, events/s.
        pub events_per_sec_single: Quantity,
        /// Prime loop, all threads, events/s.
        pub events_per_sec_multi: Quantity,
        /// Prime loop of clients that do not say how many threads, events/s.
        pub events_per_sec: Quantity,
        /// Seconds measured.
        pub duration_s: Quantity,
    }

    /// Main memory.
    pub struct MemoryResults {
        /// Normalised score of the component.
        pub score: Quantity,
        /// Bandwidth, MiB/s.
        pub throughput_mib_s: Quantity,
        /// Time of one random access, ns.
        pub latency_ns: Quantity,
    }

    /// Storage.
    pub struct DiskResults {
        /// Normalised score of the component.
        pub score: Quantity,
        /// Sequential read, 10⁶ bytes/s.
        pub read_mb_s: Quantity,
        /// Sequential write, 10⁶ bytes/s.
        pub write_mb_s: Quantity,
        /// Random 4 KiB reads per second.
        pub iops_read: Quantity,
        /// Random 4 KiB writes per second.
        pub iops_write: Quantity,
        /// Time of one small durable write, ms.
        pub latency_ms: Quantity,
    }

    /// Network to the server.
    pub struct NetworkResults {
        /// Normalised score of the component.
        pub score: Quantity,
        /// To the server, 10⁶ bit/s.
        pub upload_mbps: Quantity,
        /// From the server, 10⁶ bit/s.
        pub download_mbps: Quantity,
        /// Round trip, ms.
        pub ping_ms: Quantity,
        /// Mean difference of consecutive round trips, ms.
        pub jitter_ms: Quantity,
        /// Segments sent again, percent.
        pub packet_loss_percent: Percent,
    }
}

impl Results {
    /// The component score that the client sends.
    pub fn score(&self, component: Component) -> Option<f64> {
        let score = match component {
            Component::Cpu => self.cpu.as_ref()?.score,
            Component::Memory => self.memory.as_ref()?.score,
            Component::Disk => self.disk.as_ref()?.score,
            Component::Network => self.network.as_ref()?.score,
            Component::Gpu => self.gpu.as_ref()?.score,
        };
        score.map(Quantity::get)
    }
}

/// Graphics.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GpuResults {
    /// Normalised score of the component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Quantity>,
    /// Every other figure that the client sends, by its field name.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, serde_json::Value>))]
    pub figures: BTreeMap<String, Figure>,
}

/// A figure of a section whose fields are not fixed: numbers are used, anything else is left alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// A number.
    Number(Real),
    /// Anything else.
    Other(serde_json::Value),
}

impl<'de> Deserialize<'de> for GpuResults {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(GpuVisitor)
    }
}

/// Not a flattened struct: serde would copy everything first, and lose the path of an error.
struct GpuVisitor;

impl<'de> Visitor<'de> for GpuVisitor {
    type Value = GpuResults;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<GpuResults, A::Error> {
        let mut results = GpuResults::default();
        while let Some(field) = map.next_key::<String>()? {
            if field == "score" {
                results.score = map.next_value()?;
                continue;
            }
            let field = Name::new(field).map_err(de::Error::custom)?.into_string();
            match map.next_value::<Value>()? {
                Value::Null => {}
                Value::Number(number) => {
                    let number = number.as_f64().and_then(Real::new);
                    let expected = "a number that a 64-bit floating point can hold";
                    let number = number.ok_or_else(|| de::Error::custom(format!("expected {expected}")))?;
                    results.figures.insert(field, Figure::Number(number));
                }
                other => {
                    results.figures.insert(field, Figure::Other(other));
                }
            }
        }
        Ok(results)
    }
}
