//! Groups of unlike cores in one processor.

use std::collections::BTreeMap;

use report::hardware::Cluster;
use report::text::List;

use super::cpuinfo::{CpuInfo, hex};
use super::topology::parse_list;
use super::{arm, frequency};
use crate::probe::root::Root;
use crate::probe::text::{count, name, scaled};

/// The groups, or `None` where all cores are alike.
pub(crate) fn read(root: &Root, info: &CpuInfo, cpus: &[u32]) -> Option<List<Cluster>> {
    let groups = match intel(root, cpus) {
        groups if groups.len() > 1 => groups,
        _ => by_part(info),
    };
    (groups.len() > 1)
        .then(|| groups.into_iter().map(|(label, members)| cluster(root, &label, &members)).collect())
}

fn cluster(root: &Root, label: &str, members: &[u32]) -> Cluster {
    Cluster {
        name: name(label),
        threads: count(members.len()),
        max_freq_ghz: frequency::highest(root, members, "cpufreq/cpuinfo_max_freq")
            .and_then(|khz| scaled(khz, 1e6)),
    }
}

/// Hybrid Intel processors have one performance-counter device for each kind of core.
fn intel(root: &Root, cpus: &[u32]) -> Vec<(String, Vec<u32>)> {
    let kinds = [("cpu_core", "performance"), ("cpu_atom", "efficiency"), ("cpu_lowpower", "low power")];
    let members = |device: &str| {
        let list = root.text(&format!("/sys/devices/{device}/cpus")).unwrap_or_default();
        parse_list(&list).into_iter().filter(|cpu| cpus.contains(cpu)).collect::<Vec<u32>>()
    };
    let groups = kinds.into_iter().map(|(device, label)| (label.to_owned(), members(device)));
    groups.filter(|(_, members)| !members.is_empty()).collect()
}

/// ARM boards name the kind of each core.
fn by_part(info: &CpuInfo) -> Vec<(String, Vec<u32>)> {
    let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for fields in &info.processors {
        let implementer = fields.get("CPU implementer").and_then(|text| hex(text));
        let part = fields.get("CPU part").and_then(|text| hex(text));
        let number = fields.get("processor").and_then(|text| text.parse().ok());
        if let (Some(implementer), Some(part), Some(number)) = (implementer, part, number) {
            groups.entry(arm::core(implementer, part)).or_default().push(number);
        }
    }
    groups.into_iter().collect()
}
