//! Mounted file systems on block devices, each counted once however often it is mounted.

use std::collections::BTreeMap;
use std::path::Path;

use report::hardware::Partition;
use report::text::Prose;

use super::mounts::{Mount, parse};
use crate::probe::gaps::Gaps;
use crate::probe::outside::Space;
use crate::probe::root::Root;
use crate::probe::text::{name, scaled};

/// Reads the file systems, in the order of their mount points.
pub(super) fn read(root: &Root, gaps: &mut Gaps) -> Vec<Partition> {
    let mounts = parse(&root.text("/proc/self/mountinfo").unwrap_or_default());
    let mut partitions: Vec<Partition> = by_file_system(root, &mounts)
        .into_iter()
        .map(|(key, mounts)| partition(root, key, &mounts))
        .collect();
    partitions.sort_by(|a, b| a.mount_point.cmp(&b.mount_point));
    if partitions.is_empty() {
        gaps.add("hardware.storage.partitions", "not_exposed", None);
    } else if partitions.iter().all(|partition| partition.total_gb.is_none()) {
        gaps.add("hardware.storage.partitions.total_gb", "not_exposed", None);
    }
    partitions
}

/// The mounts of each file system, by the name under which the file system goes.
fn by_file_system<'a>(root: &Root, mounts: &'a [Mount]) -> BTreeMap<String, Vec<&'a Mount>> {
    let mut groups: BTreeMap<String, Vec<&Mount>> = BTreeMap::new();
    for mount in mounts {
        let is_root = mount.mount_point == "/";
        match source(root, mount) {
            Some(name) => groups.entry(name).or_default().push(mount),
            // What the system runs from is worth showing whatever it is: overlay, virtiofs, NFS …
            None if is_root && !PSEUDO.contains(&mount.fs_type.as_str()) => {
                groups.entry(mount.source.clone()).or_default().push(mount);
            }
            None => {}
        }
    }
    // Containers have single files of the host mounted over theirs.
    groups.retain(|_, mounts| mounts.iter().any(|mount| !is_file(&mount.mount_point)));
    groups
}

/// What stands at `/` before the real file system comes.
const PSEUDO: [&str; 2] = ["rootfs", "ramfs"];

fn is_file(mount_point: &str) -> bool {
    ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"].contains(&mount_point)
}

/// The name of a file system on block devices; `None` for every other.
fn source(root: &Root, mount: &Mount) -> Option<String> {
    if mount.fs_type == "zfs" {
        // Data sets share the space of their pool.
        return mount.source.split('/').next().map(str::to_owned);
    }
    let plain = mount.source.strip_prefix("/dev/")?;
    if plain.starts_with("loop") || plain.starts_with("fuse") {
        return None;
    }
    // The real name behind /dev/root and /dev/disk/by-uuid/…; subvolumes have numbers of their own without one.
    let kernel_name = root.link_name(&format!("/sys/dev/block/{}", mount.device));
    Some(match kernel_name {
        Some(mapped) if mapped.starts_with("dm-") => match root.text(&format!("/sys/block/{mapped}/dm/name"))
        {
            Some(label) => format!("/dev/mapper/{label}"),
            None => format!("/dev/{mapped}"),
        },
        Some(real) => format!("/dev/{real}"),
        None => mount.source.clone(),
    })
}

fn partition(root: &Root, key: String, mounts: &[&Mount]) -> Partition {
    // The mount of the whole file system, else the one nearest to the root.
    let shown = mounts
        .iter()
        .min_by_key(|mount| (mount.root != "/", is_file(&mount.mount_point), mount.mount_point.len()));
    let space = if shown.is_some_and(|mount| mount.fs_type == "zfs") {
        pool_space(root, mounts)
    } else {
        shown.and_then(|mount| root.outside().space(Path::new(&mount.mount_point)))
    };
    Partition {
        name: name(&key),
        mount_point: shown.map(|mount| Prose::lossy(&mount.mount_point)),
        fs_type: shown.and_then(|mount| name(&mount.fs_type)),
        used_gb: space.and_then(|space| report::number::Quantity::new(space.used as f64 / 1e9)),
        total_gb: space.and_then(|space| scaled(space.total, 1e9)),
    }
}

/// Every data set shows its own use, and the room that all of them share.
fn pool_space(root: &Root, mounts: &[&Mount]) -> Option<Space> {
    let sets: BTreeMap<&str, Space> = mounts
        .iter()
        .filter_map(|mount| {
            Some((mount.source.as_str(), root.outside().space(Path::new(&mount.mount_point))?))
        })
        .collect();
    let available = sets.values().map(|space| space.available).max()?;
    let used = sets.values().fold(0u64, |sum, space| sum.saturating_add(space.used));
    Some(Space { total: used.saturating_add(available), used, available })
}
