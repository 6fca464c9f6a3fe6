//! How much processor time this program and its children have had, and how much the kernel's own threads.

use std::collections::{BTreeMap, BTreeSet};

use crate::probe::root::Root;

/// The kernel's thread that starts all others of its kind.
const KTHREADD: u64 = 2;

/// Processor time, in the kernel's ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// By this process, its living descendants, and those that it has outlived.
    pub(crate) own: u64,
    /// By the kernel's threads: they work for whoever reads and writes, which is mostly us.
    pub(crate) kernel: u64,
}

/// One line of /proc/PID/stat.
struct Process {
    parent: u64,
    /// Of itself.
    ticks: u64,
    /// Of children that have ended and were waited for.
    ended: u64,
}

/// Looks at every process.
pub(crate) fn spent(root: &Root) -> Option<Spent> {
    let (own, _) = parse(&root.text("/proc/self/stat")?)?;
    let all: BTreeMap<u64, Process> = root
        .names("/proc")
        .iter()
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        // A process may end while we look.
        .filter_map(|name| parse(&root.text(&format!("/proc/{name}/stat"))?))
        .collect();
    let mut spent = Spent::default();
    let mut family = BTreeSet::from([own]);
    // Children may have lower numbers than their parents, when the numbers begin again.
    while let Some((number, _)) =
        all.iter().find(|(number, process)| !family.contains(number) && family.contains(&process.parent))
    {
        family.insert(*number);
    }
    for (number, process) in &all {
        if family.contains(number) {
            spent.own = spent.own.saturating_add(process.ticks).saturating_add(process.ended);
        } else if *number == KTHREADD || process.parent == KTHREADD {
            spent.kernel = spent.kernel.saturating_add(process.ticks);
        }
    }
    Some(spent)
}

/// The number of the process, and the process (proc_pid_stat(5)); its name may hold blanks and parentheses.
fn parse(text: &str) -> Option<(u64, Process)> {
    let (head, rest) = text.rsplit_once(')')?;
    let number = head.split_once('(')?.0.trim().parse().ok()?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // From the state, which is field 3: parent 4, utime 14, stime 15, cutime 16, cstime 17.
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    let process = Process {
        parent: field(4)?,
        ticks: field(14)?.saturating_add(field(15)?),
        ended: field(16)?.saturating_add(field(17)?),
    };
    Some((number, process))
}

#[cfg(test)]
mod tests {
    use super::super::super::tree_tests::Tree;
    use super::*;

    fn stat(number: u64, name: &str, parent: u64, ticks: [u64; 4]) -> String {
        let [user, system, ended_user, ended_system] = ticks;
        format!(
            "{number} ({name}) S {parent} 1 1 0 -1 0 0 0 0 0 {user} {system} {ended_user} {ended_system} 20 0 1"
        )
    }

    #[test]
    fn the_family_and_the_kernel_are_told_from_others() {
        let tree = Tree::new();
        for (number, name, parent, ticks) in [
            (1, "init", 0, [1000, 0, 5000, 0]),
            (2, "kthreadd", 0, [1, 0, 0, 0]),
            (30, "kworker/0:1", 2, [0, 9, 0, 0]),
            (500, "benchtools", 1, [10, 1, 100, 20]),
            (400, "bench) tools (", 500, [1, 2, 3, 4]),
            (300, "iperf3", 400, [7, 0, 0, 0]),
            (600, "other", 1, [999, 0, 0, 0]),
        ] {
            tree.write(&format!("/proc/{number}/stat"), &stat(number, name, parent, ticks));
        }
        tree.write("/proc/self/stat", &stat(500, "benchtools", 1, [10, 1, 100, 20]));
        tree.write("/proc/700/stat", "700 (broken");
        assert_eq!(spent(&tree.root()), Some(Spent { own: 131 + 10 + 7, kernel: 10 }));
        assert_eq!(spent(&Tree::new().root()), None);
    }
}
