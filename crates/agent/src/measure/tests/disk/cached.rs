//! Did the reads of a test come from the drive, or from memory?

use crate::probe::Root;
use crate::probe::counters::{fetched_bytes, zfs_cache};
use crate::probe::storage::place::Place;

/// The kernel's counters before a test.
pub(super) struct Before {
    root: Root,
    counted: Counted,
}

enum Counted {
    /// Bytes that came from block devices.
    Fetched(u64),
    /// Hits and misses of ZFS's cache.
    Zfs(u64, u64),
    /// Nothing tells here.
    Nothing,
}

impl Before {
    pub(super) fn look(root: Root, place: &Place) -> Self {
        let zfs = place.fs_type.as_deref() == Some("zfs");
        let counted = match (zfs, &place.device) {
            (true, _) => zfs_cache(&root).map(|(hits, misses)| Counted::Zfs(hits, misses)),
            // Network file systems do not all count: only on a drive of this machine nothing means memory.
            (false, Some(_)) => fetched_bytes(&root).map(Counted::Fetched),
            (false, None) => None,
        };
        Self { root, counted: counted.unwrap_or(Counted::Nothing) }
    }

    /// Whether most of `bytes` that were read since came from memory; `None` where nothing tells.
    pub(super) fn cached(&self, bytes: u64) -> Option<bool> {
        match self.counted {
            Counted::Fetched(before) => {
                let fetched = fetched_bytes(&self.root)?.saturating_sub(before);
                Some(fetched < bytes / 2)
            }
            Counted::Zfs(hits, misses) => {
                let (hits_now, misses_now) = zfs_cache(&self.root)?;
                Some(hits_now.saturating_sub(hits) > misses_now.saturating_sub(misses))
            }
            Counted::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn on(fs_type: &str, device: Option<&str>) -> Place {
        Place { fs_type: Some(fs_type.to_owned()), device: device.map(str::to_owned), ..Place::default() }
    }

    #[test]
    fn the_kernels_counters_tell() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("proc/self")).unwrap();
        let count = |bytes: u64| {
            fs::write(folder.path().join("proc/self/io"), format!("read_bytes: {bytes}\n")).unwrap();
        };
        count(1000);
        let before = Before::look(Root::at(folder.path()), &on("ext4", Some("sda1")));
        assert_eq!(before.cached(100), Some(true));
        count(1080);
        assert_eq!(before.cached(100), Some(false));
        let unknown = Before::look(Root::at(folder.path()), &on("nfs4", None));
        assert_eq!(unknown.cached(100), None);
    }

    #[test]
    fn zfs_has_counters_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("proc/spl/kstat/zfs")).unwrap();
        let count = |hits: u64, misses: u64| {
            let text = format!("demand_data_hits 4 {hits}\ndemand_data_misses 4 {misses}\n");
            fs::write(folder.path().join("proc/spl/kstat/zfs/arcstats"), text).unwrap();
        };
        count(10, 10);
        let before = Before::look(Root::at(folder.path()), &on("zfs", None));
        count(1010, 20);
        assert_eq!(before.cached(100), Some(true));
        count(11, 1000);
        assert_eq!(before.cached(100), Some(false));
    }
}
