//! The summary that every client sends, old ones included.

use serde::{Deserialize, Serialize};

use crate::metric::Component;
use crate::number::{Quantity, Real};
use crate::section::section;

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
        pub packet_loss_percent: Quantity,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GpuResults {
    /// Normalised score of the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Quantity>,
    /// Every other figure that the client sends, by its field name.
    #[serde(flatten)]
    pub figures: std::collections::BTreeMap<String, Figure>,
}

/// A figure of a section whose fields are not fixed: numbers are used, anything else is left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// A number.
    Number(Real),
    /// Anything else.
    Other(serde_json::Value),
}
