//! How much processor time the control group allows.

use crate::probe::root::Root;

const MOUNT: &str = "/sys/fs/cgroup";

/// The tightest limit of this process's control group and those above it, in processors; `None` without one.
pub(crate) fn quota(root: &Root) -> Option<f64> {
    let groups = root.text("/proc/self/cgroup")?;
    let limits = groups.lines().flat_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let is_cpu = controllers.split(',').any(|controller| controller == "cpu");
        match (controllers.is_empty(), is_cpu) {
            (true, _) => upwards(path).map(|group| second(root, &group)).collect::<Vec<_>>(),
            (_, true) => upwards(path).map(|group| first(root, controllers, &group)).collect(),
            _ => Vec::new(),
        }
    });
    limits.flatten().reduce(f64::min)
}

/// A group and all above it, up to the root: in a container the path may be the host's, and the root ours.
fn upwards(path: &str) -> impl Iterator<Item = String> {
    let mut next = Some(path.trim_end_matches('/').to_owned());
    std::iter::from_fn(move || {
        let group = next.take()?;
        next = group.rsplit_once('/').map(|(above, _)| above.to_owned());
        Some(group)
    })
}

/// Version 2: `max 100000`, or `150000 100000`; mounted alone, or beside version 1.
fn second(root: &Root, group: &str) -> Option<f64> {
    let text = root
        .text(&format!("{MOUNT}{group}/cpu.max"))
        .or_else(|| root.text(&format!("{MOUNT}/unified{group}/cpu.max")))?;
    let (quota, period) = text.split_once(' ')?;
    processors(quota, period)
}

/// Version 1: -1 is no limit.
fn first(root: &Root, controllers: &str, group: &str) -> Option<f64> {
    let read = |file: &str| {
        root.text(&format!("{MOUNT}/{controllers}{group}/{file}"))
            .or_else(|| root.text(&format!("{MOUNT}/cpu{group}/{file}")))
    };
    processors(&read("cpu.cfs_quota_us")?, &read("cpu.cfs_period_us")?)
}

fn processors(quota: &str, period: &str) -> Option<f64> {
    let (quota, period): (f64, f64) = (quota.parse().ok()?, period.parse().ok()?);
    (quota > 0.0 && period > 0.0).then_some(quota / period)
}

#[cfg(test)]
mod tests {
    use super::super::super::tree_tests::Tree;
    use super::*;

    #[test]
    fn the_tightest_limit_on_the_way_up_counts() {
        let tree = Tree::new();
        tree.write("/proc/self/cgroup", "0::/machine.slice/box\n");
        tree.write("/sys/fs/cgroup/machine.slice/box/cpu.max", "max 100000\n");
        assert_eq!(quota(&tree.root()), None);
        tree.write("/sys/fs/cgroup/machine.slice/cpu.max", "150000 100000\n");
        assert_eq!(quota(&tree.root()), Some(1.5));
    }

    #[test]
    fn version_1_and_the_root_of_a_container() {
        let tree = Tree::new();
        tree.write("/proc/self/cgroup", "3:cpu,cpuacct:/docker/0123\n2:memory:/\n0::/\n");
        tree.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n");
        tree.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
        assert_eq!(quota(&tree.root()), Some(0.5));
        tree.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
        assert_eq!(quota(&tree.root()), None);
        assert_eq!(quota(&Tree::new().root()), None);
    }
}
