//! What the machine is doing at this moment: who uses the processors, who waits, how fast they run.

mod cgroup;
mod power;
mod processes;
mod times;

use super::root::Root;
use super::text::{kib_of, value_of};

pub(crate) use cgroup::quota;
pub(crate) use power::{
    Speed, busy_speed, cpu_temperature, governor, power_source, throttle_events, under_voltage,
};
pub(crate) use processes::{Spent, spent};
pub(crate) use times::{Times, times};

/// Pressure stall information of one resource: somebody waited for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pressure {
    /// Share of the last ten seconds, percent.
    pub(crate) avg10: f64,
    /// Since the start of the machine, µs.
    pub(crate) total_us: u64,
}

/// Pressure of `cpu`, `io` or `memory`; `None` where the kernel does not count it.
pub(crate) fn pressure(root: &Root, resource: &str) -> Option<Pressure> {
    let text = root.text(&format!("/proc/pressure/{resource}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("some "))?;
    let field = |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name));
    Some(Pressure { avg10: field("avg10=")?.parse().ok()?, total_us: field("total=")?.parse().ok()? })
}

/// Load average over one minute.
pub(crate) fn load_1m(root: &Root) -> Option<f64> {
    root.text("/proc/loadavg")?.split_whitespace().next()?.parse().ok()
}

/// Swap in use, MiB.
pub(crate) fn swap_used_mb(root: &Root) -> Option<f64> {
    let text = root.text("/proc/meminfo")?;
    Some(kib_of(&text, "SwapTotal")?.saturating_sub(kib_of(&text, "SwapFree")?) as f64 / 1024.0)
}

/// Pages swapped in and out since the start of the machine.
pub(crate) fn swapped_pages(root: &Root) -> Option<u64> {
    let text = root.text("/proc/vmstat")?;
    let count = |name| value_of(&text, ' ', name)?.parse::<u64>().ok();
    count("pswpin")?.checked_add(count("pswpout")?)
}

/// Processors that are online.
pub(crate) fn processors_online(root: &Root) -> Option<u64> {
    let text = root.text("/sys/devices/system/cpu/online")?;
    let count = |range: &str| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        last.checked_sub(first)?.checked_add(1)
    };
    text.split(',').try_fold(0_u64, |sum, range| sum.checked_add(count(range)?))
}

#[cfg(test)]
mod tests {
    use super::super::tree_tests::Tree;
    use super::*;

    #[test]
    fn one_line_files_are_read() {
        let tree = Tree::new();
        tree.write("/proc/pressure/io", "some avg10=1.50 avg60=0.2 avg300=0.1 total=12345\nfull avg10=0\n");
        tree.write("/proc/loadavg", "0.24 1.14 1.72 3/210 4711\n");
        tree.write("/proc/meminfo", "MemTotal: 100 kB\nSwapTotal:     4096 kB\nSwapFree:      1024 kB\n");
        tree.write("/proc/vmstat", "nr_free_pages 1\npswpin 3\npswpout 4\n");
        tree.write("/sys/devices/system/cpu/online", "0-3,8\n");
        let root = tree.root();
        assert_eq!(pressure(&root, "io"), Some(Pressure { avg10: 1.5, total_us: 12345 }));
        assert_eq!(pressure(&root, "cpu"), None);
        assert_eq!(load_1m(&root), Some(0.24));
        assert_eq!(swap_used_mb(&root), Some(3.0));
        assert_eq!(swapped_pages(&root), Some(7));
        assert_eq!(processors_online(&root), Some(5));
    }

    #[test]
    fn garbage_is_unknown() {
        let tree = Tree::new();
        for file in ["/proc/pressure/io", "/proc/loadavg", "/proc/meminfo", "/proc/vmstat"] {
            tree.write(file, "some nonsense = here\n");
        }
        tree.write("/sys/devices/system/cpu/online", "7-3,x\n");
        let root = tree.root();
        assert_eq!(pressure(&root, "io"), None);
        assert_eq!((load_1m(&root), swap_used_mb(&root)), (None, None));
        assert_eq!((swapped_pages(&root), processors_online(&root)), (None, None));
    }
}
