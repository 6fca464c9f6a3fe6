//! Which logical processors there are, and how they share cores and sockets.

use std::collections::BTreeSet;

use super::CPUS;
use super::cpuinfo::CpuInfo;
use crate::probe::root::Root;

/// More than any machine has; a broken list does not get longer.
const MAX_CPUS: u32 = 8192;

/// Logical processors, cores and sockets.
#[derive(Debug, Default)]
pub(crate) struct Topology {
    /// Numbers of the logical processors that are on.
    pub(crate) cpus: Vec<u32>,
    /// Physical cores, where the machine shows them.
    pub(crate) cores: Option<usize>,
    /// Sockets, where the machine shows them.
    pub(crate) sockets: Option<usize>,
}

impl Topology {
    /// What /proc/cpuinfo says comes first: in a container it is cut to what the container has.
    pub(crate) fn read(root: &Root, info: &CpuInfo) -> Self {
        let mut cpus = info.cpus();
        if cpus.is_empty() {
            cpus = parse_list(&root.text(&format!("{CPUS}/online")).unwrap_or_default());
        }
        let (cores, sockets) = match from_cpuinfo(info) {
            Some(found) => found,
            None => from_sysfs(root, &cpus),
        };
        Self { cpus, cores, sockets }
    }
}

/// x86 kernels write both numbers into every block.
fn from_cpuinfo(info: &CpuInfo) -> Option<(Option<usize>, Option<usize>)> {
    let mut cores = BTreeSet::new();
    let mut sockets = BTreeSet::new();
    for fields in &info.processors {
        let socket = fields.get("physical id")?;
        cores.insert((socket, fields.get("core id")?));
        sockets.insert(socket);
    }
    (!cores.is_empty()).then_some((Some(cores.len()), Some(sockets.len())))
}

fn from_sysfs(root: &Root, cpus: &[u32]) -> (Option<usize>, Option<usize>) {
    let siblings = |cpu: &u32| {
        let folder = format!("{CPUS}/cpu{cpu}/topology");
        root.text(&format!("{folder}/core_cpus_list"))
            .or_else(|| root.text(&format!("{folder}/thread_siblings_list")))
    };
    let cores: BTreeSet<String> = cpus.iter().filter_map(siblings).collect();
    let package = |cpu: &u32| root.number::<i64>(&format!("{CPUS}/cpu{cpu}/topology/physical_package_id"));
    let packages: BTreeSet<i64> = cpus.iter().filter_map(package).filter(|id| *id >= 0).collect();
    // Device trees know clusters, which older kernels showed as packages: a board has one chip.
    let board = root.exists("/proc/device-tree/model") && !root.exists("/sys/class/dmi/id");
    let sockets = if board { Some(1) } else { Some(packages.len()).filter(|n| *n > 0) };
    (Some(cores.len()).filter(|n| *n > 0), sockets)
}

/// `0-3,8,10-11` as numbers; what is not one is passed over.
pub(crate) fn parse_list(text: &str) -> Vec<u32> {
    let mut cpus = Vec::new();
    for part in text.trim().split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (Ok(first), Ok(last)) = (first.trim().parse::<u32>(), last.trim().parse::<u32>()) else {
            continue;
        };
        cpus.extend(first..=last.min(first.saturating_add(MAX_CPUS)));
        if cpus.len() > MAX_CPUS as usize {
            cpus.truncate(MAX_CPUS as usize);
            break;
        }
    }
    cpus
}

#[cfg(test)]
mod tests {
    use super::parse_list;

    #[test]
    fn lists_of_processors() {
        assert_eq!(parse_list("0-3,8,10-11\n"), [0, 1, 2, 3, 8, 10, 11]);
        assert_eq!(parse_list(""), [0u32; 0]);
        assert_eq!(parse_list("x,2,-,5-3"), [2]);
        assert!(parse_list("0-4294967295,0-4294967295").len() <= 8192);
    }
}
