//! Score `v0`, provisional: the metrics that count, and the values that score 100.
//!
//! These constants never change within the version. Comparable figures are those of one version.

use crate::metric::{Component, Direction, MetricId};

/// One metric that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// The metric.
    pub metric: &'static str,
    /// The component that it counts for.
    pub component: Component,
    /// The value that scores 100, in the metric's unit.
    pub value: f64,
    /// Which way is better.
    pub direction: Direction,
}

const fn higher(component: Component, metric: &'static str, value: f64) -> Reference {
    Reference { metric, component, value, direction: Direction::Higher }
}

const fn lower(component: Component, metric: &'static str, value: f64) -> Reference {
    Reference { metric, component, value, direction: Direction::Lower }
}

/// Every metric that counts in `v0`. No graphics metric does yet.
///
/// **Processor and memory** were measured on a 2-vCPU KVM guest with an Intel Xeon (Ice Lake-SP, family 6 model
/// 106) at 2.80 GHz, its vCPUs both at work for `_multi`: the agent's medians in the least disturbed (by steal) of
/// three benchmarks at the normal preset, on 24 November 2026. Random access is through pages of 4 KiB.
/// Every processor test counts alike, on one thread and on all. Of memory, the triad on one and on all
/// threads and the random access count; copy, scale and add follow the triad and are only shown.
///
/// **Disk** is chosen: a SATA SSD of the middle class as its makers state it. 550 MB/s sequential read and
/// 520 MB/s write, which is what SATA 6 Gb/s lets through; 95,000 random reads and 85,000 random writes per
/// second at queue depth 32; 10,000 reads and 25,000 writes at depth 1 (100 µs of flash, 40 µs into the
/// drive's buffer); a small durable write in 1 ms, the flush of a drive without power-loss protection.
///
/// **Network** is chosen: a wired gigabit at home. 1000 Mbit/s of payload each way and 0.3 ms there and
/// back. Jitter and loss are only shown: near zero, their ratio means nothing.
pub const REFERENCES: &[Reference] = &[
    higher(Component::Cpu, "cpu.events_per_sec_single", 1126.0),
    higher(Component::Cpu, "cpu.events_per_sec_multi", 2208.0),
    higher(Component::Cpu, "cpu.integer_mops_single", 97.6),
    higher(Component::Cpu, "cpu.integer_mops_multi", 190.0),
    higher(Component::Cpu, "cpu.sha256_mb_s_single", 1225.0),
    higher(Component::Cpu, "cpu.sha256_mb_s_multi", 2425.0),
    higher(Component::Cpu, "cpu.deflate_mb_s_single", 17.2),
    higher(Component::Cpu, "cpu.deflate_mb_s_multi", 34.2),
    higher(Component::Cpu, "cpu.matrix_gflops_single", 65.2),
    higher(Component::Cpu, "cpu.matrix_gflops_multi", 127.6),
    higher(Component::Cpu, "cpu.sort_mkeys_s_single", 67.7),
    higher(Component::Cpu, "cpu.sort_mkeys_s_multi", 146.9),
    higher(Component::Memory, "memory.throughput_mib_s", 21_213.0),
    higher(Component::Memory, "memory.triad_mib_s_single", 11_618.0),
    lower(Component::Memory, "memory.latency_ns", 318.0),
    higher(Component::Disk, "disk.read_mb_s", 550.0),
    higher(Component::Disk, "disk.write_mb_s", 520.0),
    higher(Component::Disk, "disk.iops_read", 95_000.0),
    higher(Component::Disk, "disk.iops_write", 85_000.0),
    higher(Component::Disk, "disk.iops_read_qd1", 10_000.0),
    higher(Component::Disk, "disk.iops_write_qd1", 25_000.0),
    lower(Component::Disk, "disk.latency_ms", 1.0),
    higher(Component::Network, "network.upload_mbps", 1000.0),
    higher(Component::Network, "network.download_mbps", 1000.0),
    lower(Component::Network, "network.ping_ms", 0.3),
];

/// The reference of a metric, if it counts.
pub fn reference(metric: &MetricId) -> Option<&'static Reference> {
    REFERENCES.iter().find(|reference| reference.metric == metric.as_str())
}
