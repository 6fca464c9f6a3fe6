//! What the recorded hardware can do at most: above it, a figure is implausible.
//!
//! Every bound is an upper one, taken wide: a bound that is missing or too high lets a wrong figure through,
//! one that is too low refuses a right one. Where the hardware does not say enough, there is no bound.

use std::collections::HashMap;

use super::reason::{Reason, ReasonCode};
use crate::facts::device_name;
use crate::hardware::{Cpu, Hardware, Interface, MemoryModule, Ram, StorageDevice};
use crate::measurement::{Measurement, Params};
use crate::metric::Component;
use crate::number::{Quantity, Whole};

/// Links carry payload below their raw rate already; a tenth more is beyond any rounding.
const LINK_MARGIN: f64 = 1.1;
/// Payload of Ethernet is at most 95 % of the rate: twice the distance to it.
const NIC_MARGIN: f64 = 1.05;
/// A quarter of STREAM's arrays may lie in the last-level cache (arrays are four times its size).
const MEMORY_MARGIN: f64 = 1.35;
/// Guests and old firmware record the base frequency; turbo goes up to about half more.
const FREQUENCY_MARGIN: f64 = 1.5;

/// Divisions in one event of the prime loop to 20,000, counted; one each cycle is more than any core does.
const DIVISIONS_PER_EVENT: f64 = 301_275.0;

/// Times between a question and its answer: what takes none was not measured.
const TAKES_TIME: [&str; 2] = ["memory.latency_ns", "network.ping_ms"];

/// Bytes of one request of the random tests.
const BLOCK_BYTES: f64 = 4096.0;

/// The recorded hardware, ready to be asked about any number of measurements.
pub(super) struct Bounds<'a> {
    threads: Option<u64>,
    ghz: f64,
    memory: Option<Bound>,
    drives: HashMap<String, &'a StorageDevice>,
    interfaces: HashMap<&'a str, &'a Interface>,
}

/// An upper bound in the metric's unit, and what it follows from.
#[derive(Clone)]
struct Bound {
    at_most: f64,
    because: String,
}

impl<'a> Bounds<'a> {
    pub(super) fn of(hardware: &'a Hardware) -> Self {
        let cpu = hardware.cpu.as_ref();
        let drives = hardware.storage.as_ref().and_then(|storage| storage.devices.as_deref());
        let interfaces = hardware.network.as_ref().and_then(|network| network.interfaces.as_deref());
        Self {
            threads: cpu.and_then(|cpu| cpu.threads).map(Whole::get),
            ghz: cpu.map_or(0.0, highest_ghz),
            memory: hardware.ram.as_ref().and_then(memory),
            drives: drives
                .unwrap_or_default()
                .iter()
                .filter_map(|drive| Some((device_name(drive.name.as_deref()?), drive)))
                .collect(),
            interfaces: interfaces
                .unwrap_or_default()
                .iter()
                .filter_map(|interface| Some((interface.name.as_deref()?, interface)))
                .collect(),
        }
    }

    /// Adds `implausible` if the value is above what the hardware can do.
    pub(super) fn reasons(&self, measurement: &Measurement, reasons: &mut Vec<Reason>) {
        let Some(value) = measurement.value.map(|value| value.get()) else { return };
        if value == 0.0 && TAKES_TIME.contains(&measurement.metric.as_str()) {
            reasons.push(Reason::new(ReasonCode::Implausible, "nothing takes no time at all".to_owned()));
            return;
        }
        let cached = reasons.iter().any(|reason| reason.code == ReasonCode::CacheSized);
        let params = measurement.params.as_ref();
        let bound = match measurement.metric.component() {
            Some(Component::Cpu) => self.cpu(measurement.metric.as_str(), params),
            Some(Component::Memory) if !cached && in_mib_per_second(measurement) => self.memory.clone(),
            Some(Component::Disk) => self.disk(measurement.metric.as_str(), params),
            Some(Component::Network) => self.network(measurement.metric.as_str(), params),
            _ => None,
        };
        if let Some(Bound { at_most, because }) = bound.filter(|bound| value > bound.at_most) {
            let evidence = format!("{value:.0} is more than {because} can do ({at_most:.0})");
            reasons.push(Reason::new(ReasonCode::Implausible, evidence));
        }
    }

    /// cores × frequency × work per cycle.
    fn cpu(&self, metric: &str, params: Option<&Params>) -> Option<Bound> {
        let threads = match metric.strip_suffix("_single") {
            Some(_) => 1,
            None => params.and_then(|params| params.threads).map(Whole::get).or(self.threads)?,
        };
        let (name, per_cycle) = match metric.trim_end_matches("_single").trim_end_matches("_multi") {
            "cpu.events_per_sec" => ("one division per cycle", 1e9 / DIVISIONS_PER_EVENT),
            "cpu.matrix_gflops" => ("two vector operations per cycle", flops_per_cycle(params)),
            _ => return None,
        };
        let at_most = threads as f64 * self.ghz * per_cycle * FREQUENCY_MARGIN;
        let because = format!("{threads} × {:.1} GHz with {name}", self.ghz);
        (self.ghz > 0.0).then_some(Bound { at_most, because })
    }

    fn disk(&self, metric: &str, params: Option<&Params>) -> Option<Bound> {
        let drive = self.drive(params?)?;
        let (bytes_per_second, link) = link_rate(drive)?;
        let unit = match metric {
            "disk.read_mb_s" | "disk.write_mb_s" => 1e6,
            "disk.iops_read" | "disk.iops_write" | "disk.iops_read_qd1" | "disk.iops_write_qd1" => {
                params?.block_bytes.map_or(BLOCK_BYTES, |bytes| bytes.get().max(1) as f64)
            }
            _ => return None,
        };
        Some(Bound { at_most: bytes_per_second / unit * LINK_MARGIN, because: link })
    }

    /// The drive under the measured folder: only where the agent says so, for a volume may span several.
    /// `nvme0n1p2` is a part of `nvme0n1`, and `sda1` of `sda`.
    fn drive(&self, params: &Params) -> Option<&StorageDevice> {
        let device = device_name(params.device.as_deref()?);
        let whole = device.trim_end_matches(|c: char| c.is_ascii_digit());
        let of_numbered = whole.strip_suffix('p').unwrap_or_default();
        [device.as_str(), of_numbered, whole].into_iter().find_map(|name| self.drives.get(name).copied())
    }

    fn network(&self, metric: &str, params: Option<&Params>) -> Option<Bound> {
        if !matches!(metric, "network.upload_mbps" | "network.download_mbps") {
            return None;
        }
        let name = params?.interface.as_deref()?;
        let interface = self.interfaces.get(name)?;
        let wired = matches!(interface.r#type.as_deref(), Some("ethernet" | "bond"));
        // Guests' adapters name a speed and do not keep to it.
        let emulated = matches!(
            interface.driver.as_deref(),
            Some("virtio_net" | "vmxnet3" | "xen_netfront" | "hv_netvsc" | "veth")
        );
        let mbps = interface.speed_mbps.map(|mbps| mbps.get()).filter(|mbps| *mbps > 0.0)?;
        let because = format!("{name} at {mbps:.0} Mbit/s");
        (wired && !emulated).then_some(Bound { at_most: mbps * NIC_MARGIN, because })
    }
}

/// Two fused multiply-adds on full vectors of 32-bit numbers: no current core does more without a matrix unit.
fn flops_per_cycle(params: Option<&Params>) -> f64 {
    match params.and_then(|params| params.instruction_set.as_deref()) {
        Some("sse2") => 16.0,
        Some("avx") => 32.0,
        Some("avx2" | "fma") => 32.0,
        Some("neon") => 32.0,
        _ => 64.0,
    }
}

/// Of the fastest cores.
fn highest_ghz(cpu: &Cpu) -> f64 {
    let clusters = cpu.clusters.iter().flat_map(|clusters| clusters.iter());
    let all = clusters.filter_map(|cluster| cluster.max_freq_ghz).chain(cpu.max_freq_ghz);
    all.map(Quantity::get).fold(0.0, f64::max)
}

fn in_mib_per_second(measurement: &Measurement) -> bool {
    measurement.metric.as_str().contains("_mib_s")
        && measurement.unit.as_deref().is_none_or(|unit| unit == "MiB/s")
}

/// channels × transfer rate × 8 bytes, with every module on a channel of its own.
fn memory(ram: &Ram) -> Option<Bound> {
    let modules = ram.layout.as_ref()?;
    let rates: Option<Vec<f64>> = modules.iter().filter(|m| populated(m)).map(transfer_rate).collect();
    let rates = rates.filter(|rates| !rates.is_empty())?;
    let bytes = rates.iter().sum::<f64>() * 1e6 * 8.0;
    let because = format!("{} modules at {:.0} MT/s", rates.len(), rates[0]);
    Some(Bound { at_most: bytes / f64::from(1 << 20) * MEMORY_MARGIN, because })
}

fn populated(module: &MemoryModule) -> bool {
    module.size_mb.is_none_or(|size| size.get() > 0)
}

/// Of a module 64 bits wide; packages of LPDDR and HBM have widths of their own.
fn transfer_rate(module: &MemoryModule) -> Option<f64> {
    let plain = module.r#type.as_deref().is_some_and(|kind| kind.starts_with("DDR"));
    let rates = [module.speed_mhz, module.rated_speed_mhz];
    let rate = rates.into_iter().flatten().map(|rate| rate.get()).fold(0.0, f64::max);
    (plain && rate > 0.0).then_some(rate)
}

/// Bytes per second of the drive's link at its best, and its name.
fn link_rate(drive: &StorageDevice) -> Option<(f64, String)> {
    let interface = drive.interface.as_deref().unwrap_or_default();
    let from_link = drive.link.as_ref().and_then(|link| {
        let speeds = [link.speed.as_deref(), link.max_speed.as_deref()];
        let rate = speeds.into_iter().flatten().filter_map(lane_rate).fold(0.0, f64::max);
        let lanes = [link.width, link.max_width].into_iter().flatten().map(|lanes| lanes.get()).max();
        (rate > 0.0).then_some(rate * lanes.unwrap_or(1).max(1) as f64)
    });
    let rate = from_link.or_else(|| interface_rate(interface))?;
    let name = if interface.is_empty() { "the drive's link" } else { interface };
    Some((rate, name.to_owned()))
}

/// Payload bytes per second of one lane: PCI Express by transfer rate, SATA and SAS by line rate.
fn lane_rate(speed: &str) -> Option<f64> {
    let number: f64 = speed.split_whitespace().next()?.parse().ok()?;
    if speed.contains("GT/s") {
        // 8b/10b up to 5 GT/s, 128b/130b and later codes above.
        let efficiency = if number <= 5.0 { 0.8 } else { 128.0 / 130.0 };
        return Some(number * 1e9 / 8.0 * efficiency);
    }
    // 8b/10b as well.
    speed.contains("Gb").then_some(number * 1e9 / 10.0)
}

/// From a text such as `PCIe 3.0 x4` or `SATA 6 Gb/s`.
fn interface_rate(interface: &str) -> Option<f64> {
    if let Some(rest) = interface.strip_prefix("SATA ") {
        return lane_rate(rest);
    }
    let mut words = interface.strip_prefix("PCIe ")?.split_whitespace();
    let gigatransfers = match words.next()? {
        "1.0" | "1.1" => "2.5 GT/s",
        "2.0" => "5.0 GT/s",
        "3.0" => "8.0 GT/s",
        "4.0" => "16.0 GT/s",
        "5.0" => "32.0 GT/s",
        "6.0" => "64.0 GT/s",
        _ => return None,
    };
    let lanes: f64 = words.next()?.strip_prefix('x')?.parse().ok()?;
    Some(lane_rate(gigatransfers)? * lanes)
}
