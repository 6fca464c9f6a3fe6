//! Groups of unlike cores in one processor.

use std::collections::BTreeMap;

use report::hardware::Cluster;
use report::text::List;

use super::cpuinfo::{CpuInfo, hex};
use super::topology::parse_list;
use super::{CPUS, arm, frequency};
use crate::probe::root::Root;
use crate::probe::text::{count, name, scaled};

/// The groups, or `None` where all cores are alike.
pub(crate) fn read(root: &Root, info: &CpuInfo, cpus: &[u32]) -> Option<List<Cluster>> {
    let groups = groups(root, info, cpus);
    (groups.len() > 1)
        .then(|| groups.into_iter().map(|(label, members)| cluster(root, &label, &members)).collect())
}

/// Cores of one class, and where one thread does best on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CoreClass {
    /// Its name; `None` where all cores are alike.
    pub(crate) name: Option<String>,
    /// The fastest logical processor of it, and of equal ones the last: the first serves most interrupts.
    pub(crate) fastest: u32,
}

/// The classes of these logical processors, at least one if there is a processor.
pub(crate) fn core_classes(root: &Root, cpus: &[u32]) -> Vec<CoreClass> {
    let info = CpuInfo::parse(&root.text("/proc/cpuinfo").unwrap_or_default());
    let mut groups = groups(root, &info, cpus);
    groups.iter_mut().for_each(|(_, members)| members.retain(|cpu| cpus.contains(cpu)));
    groups.retain(|(_, members)| !members.is_empty());
    if groups.len() < 2 {
        return fastest(root, cpus).map(|fastest| CoreClass { name: None, fastest }).into_iter().collect();
    }
    let class = |(name, members): (String, Vec<u32>)| {
        Some(CoreClass { name: Some(name), fastest: fastest(root, &members)? })
    };
    groups.into_iter().filter_map(class).collect()
}

/// The fastest of these logical processors by the scheduler's capacity, then by the highest frequency; the last
/// of equal ones.
pub(crate) fn fastest(root: &Root, cpus: &[u32]) -> Option<u32> {
    let speed = |cpu: u32| {
        let number = |file: &str| root.number::<u64>(&format!("{CPUS}/cpu{cpu}/{file}")).unwrap_or(0);
        (number("cpu_capacity"), number("cpufreq/cpuinfo_max_freq"))
    };
    cpus.iter().copied().max_by_key(|cpu| (speed(*cpu), *cpu))
}

/// Label and members of each group; one or none where all cores are alike.
fn groups(root: &Root, info: &CpuInfo, cpus: &[u32]) -> Vec<(String, Vec<u32>)> {
    match intel(root, cpus) {
        groups if groups.len() > 1 => groups,
        _ => by_part(info),
    }
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn write(folder: &Path, file: &str, text: &str) {
        let path = folder.join(file.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn class(name: &str, fastest: u32) -> CoreClass {
        CoreClass { name: Some(name.to_owned()), fastest }
    }

    #[test]
    fn a_hybrid_processor_has_a_place_on_each_class() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "/sys/devices/cpu_core/cpus", "0-3\n");
        write(folder.path(), "/sys/devices/cpu_atom/cpus", "4-7\n");
        for (cpu, khz) in [(0, 5_000_000), (1, 5_200_000), (2, 5_200_000), (3, 5_000_000)] {
            let file = format!("{CPUS}/cpu{cpu}/cpufreq/cpuinfo_max_freq");
            write(folder.path(), &file, &khz.to_string());
        }
        let root = Root::at(folder.path());
        let all: Vec<u32> = (0..8).collect();
        assert_eq!(core_classes(&root, &all), [class("performance", 2), class("efficiency", 7)]);
        let kept_to = [CoreClass { name: None, fastest: 5 }];
        assert_eq!(core_classes(&root, &[4, 5]), kept_to, "the others are not ours");
        assert_eq!(core_classes(&root, &[]), []);
    }

    #[test]
    fn a_board_with_big_and_little_cores() {
        let folder = tempfile::tempdir().unwrap();
        let block = |cpu: u32, part: &str| {
            format!("processor : {cpu}\nCPU implementer : 0x41\nCPU part : {part}\n\n")
        };
        let text: String = (0..6).map(|cpu| block(cpu, if cpu < 4 { "0xd05" } else { "0xd0b" })).collect();
        write(folder.path(), "/proc/cpuinfo", &text);
        let root = Root::at(folder.path());
        let all: Vec<u32> = (0..6).collect();
        assert_eq!(core_classes(&root, &all), [class("Cortex-A55", 3), class("Cortex-A76", 5)]);
    }
}
