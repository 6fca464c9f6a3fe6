//! Counters of the kernel that tell where bytes came from.

use super::root::Root;
use super::text::value_of;

/// Bytes that this process has fetched from block devices, not from memory.
pub(crate) fn fetched_bytes(root: &Root) -> Option<u64> {
    value_of(&root.text("/proc/self/io")?, ':', "read_bytes")?.parse().ok()
}

/// Reads that ZFS served from its cache, and those that it did not.
pub(crate) fn zfs_cache(root: &Root) -> Option<(u64, u64)> {
    let text = root.text("/proc/spl/kstat/zfs/arcstats")?;
    let counter = |name: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name))?;
        line.split_whitespace().nth(2)?.parse::<u64>().ok()
    };
    Some((counter("demand_data_hits")?, counter("demand_data_misses")?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn both_counters_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("proc/self/io", "rchar: 9\nread_bytes: 4096\nwrite_bytes: 0\n");
        write(
            "proc/spl/kstat/zfs/arcstats",
            "13 1 0x01 96 26112 1 2\nname type data\ndemand_data_hits 4 900\ndemand_data_misses 4 100\n",
        );
        let root = Root::at(folder.path());
        assert_eq!(fetched_bytes(&root), Some(4096));
        assert_eq!(zfs_cache(&root), Some((900, 100)));
        assert_eq!(zfs_cache(&Root::at("/nonexistent")), None);
    }
}
