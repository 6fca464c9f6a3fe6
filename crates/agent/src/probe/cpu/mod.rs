//! The processor.

mod arm;
mod cache;
mod cluster;
mod cpuinfo;
mod frequency;
mod topology;
mod x86;

use std::collections::BTreeMap;

use report::hardware::Cpu;
use report::number::Quantity;
use report::text::{List, Name, Prose};

use super::gaps::Gaps;
use super::root::Root;
use super::text::{count, name, name_of, whole};
use cpuinfo::CpuInfo;
use topology::Topology;

pub(crate) use cache::Caches;
pub(crate) use cluster::{core_classes, fastest};

const CPUS: &str = "/sys/devices/system/cpu";

/// Reads the processor.
pub(crate) fn read(root: &Root, gaps: &mut Gaps) -> Cpu {
    let info = CpuInfo::parse(&root.text("/proc/cpuinfo").unwrap_or_default());
    let topology = Topology::read(root, &info);
    let caches = Caches::read(root, &topology.cpus);
    let mut cpu = Cpu {
        vendor: name_of(vendor(&info)),
        model: name_of(model(root, &info)),
        microarchitecture: name_of(microarchitecture(&info)),
        cores: topology.cores.and_then(count),
        threads: Some(topology.cpus.len()).filter(|cpus| *cpus > 0).and_then(count),
        base_freq_ghz: frequency::base(root, &info, &topology.cpus),
        max_freq_ghz: frequency::max(root, &topology.cpus),
        cache_l1_kb: caches.total_kb(1).and_then(whole),
        cache_l2_kb: caches.total_kb(2).and_then(whole),
        cache_l3_kb: caches.total_kb(3).and_then(whole),
        flags: flags(&info),
        tdp_w: tdp(root),
        sockets: topology.sockets.and_then(count),
        microcode: info.field("microcode").and_then(name),
        governor: root.text(&format!("{CPUS}/cpu0/cpufreq/scaling_governor")).as_deref().and_then(name),
        smt: smt(root, &topology),
        mitigations: mitigations(root),
        clusters: cluster::read(root, &info, &topology.cpus),
    };
    note_gaps(&mut cpu, &caches, gaps);
    cpu
}

fn note_gaps(cpu: &mut Cpu, caches: &Caches, gaps: &mut Gaps) {
    let mut absent = |field: &str, is_absent: bool| {
        if is_absent {
            gaps.add(&format!("hardware.cpu.{field}"), "not_exposed", None);
        }
    };
    absent("vendor", cpu.vendor.is_none());
    absent("model", cpu.model.is_none());
    absent("microarchitecture", cpu.microarchitecture.is_none());
    absent("cores", cpu.cores.is_none());
    absent("threads", cpu.threads.is_none());
    absent("base_freq_ghz", cpu.base_freq_ghz.is_none());
    absent("max_freq_ghz", cpu.max_freq_ghz.is_none());
    absent("cache_l1_kb", cpu.cache_l1_kb.is_none());
    absent("cache_l2_kb", cpu.cache_l2_kb.is_none());
    // A processor whose other caches are known and that shows no third level has none.
    absent("cache_l3_kb", cpu.cache_l3_kb.is_none() && caches.total_kb(2).is_none());
    absent("flags", cpu.flags.is_none());
    absent("governor", cpu.governor.is_none());
    absent("tdp_w", cpu.tdp_w.is_none());
    absent("mitigations", cpu.mitigations.is_none());
}

fn vendor(info: &CpuInfo) -> Option<String> {
    let short = match info.field("vendor_id") {
        Some("GenuineIntel") => "Intel",
        Some("AuthenticAMD") => "AMD",
        Some("HygonGenuine") => "Hygon",
        Some("CentaurHauls") => "Centaur",
        Some("Shanghai") => "Zhaoxin",
        Some(other) => other,
        None => arm::implementer(info.hex("CPU implementer")?)?,
    };
    Some(short.to_owned())
}

/// The name that the processor gives itself; on boards, that of the chip by the device tree.
fn model(root: &Root, info: &CpuInfo) -> Option<String> {
    if let Some(named) = info.field("model name").filter(|model| !model.starts_with("ARMv")) {
        return Some(named.to_owned());
    }
    let compatible = root.text("/proc/device-tree/compatible");
    let chip = compatible.as_deref().and_then(|list| list.split('\0').rfind(|entry| entry.contains(',')));
    match chip.and_then(|chip| chip.split_once(',')) {
        Some((_, chip)) => Some(chip.to_uppercase()),
        None => info
            .field("cpu model")
            .or_else(|| info.field("uarch"))
            .map(str::to_owned)
            .or_else(|| arm::cores(info)),
    }
}

fn microarchitecture(info: &CpuInfo) -> Option<String> {
    let known = x86::microarchitecture(info).map(str::to_owned).or_else(|| arm::cores(info));
    known.or_else(|| info.field("uarch").map(str::to_owned))
}

fn flags(info: &CpuInfo) -> Option<List<Name>> {
    let flags = info.field("flags").or_else(|| info.field("Features")).or_else(|| info.field("isa"))?;
    Some(flags.split_whitespace().map(Name::lossy).collect())
}

/// The power that the packages are made for, as RAPL shows it to everybody.
fn tdp(root: &Root) -> Option<Quantity> {
    let zones = root.names("/sys/class/powercap");
    let packages = zones.iter().filter(|zone| {
        zone.strip_prefix("intel-rapl:").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
    });
    let watts = packages.filter_map(|zone| {
        let microwatts: u64 =
            root.number(&format!("/sys/class/powercap/{zone}/constraint_0_max_power_uw"))?;
        (microwatts > 0).then_some(microwatts as f64 / 1e6)
    });
    Quantity::new(watts.sum()).filter(|watts| watts.get() > 0.0)
}

fn smt(root: &Root, topology: &Topology) -> Option<bool> {
    match root.text(&format!("{CPUS}/smt/active")).as_deref() {
        Some("1") => Some(true),
        Some("0") => Some(false),
        _ => topology.cores.map(|cores| topology.cpus.len() > cores),
    }
}

fn mitigations(root: &Root) -> Option<BTreeMap<String, Prose>> {
    let folder = format!("{CPUS}/vulnerabilities");
    let read = |name: String| root.text(&format!("{folder}/{name}")).map(|text| (name, Prose::lossy(&text)));
    let found: BTreeMap<_, _> = root.names(&folder).into_iter().filter_map(read).collect();
    (!found.is_empty()).then_some(found)
}
