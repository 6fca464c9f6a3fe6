//! The caches, each counted once however many processors share it.

use std::collections::BTreeMap;

use super::CPUS;
use crate::probe::root::Root;

/// What tells one cache from another: level, kind, and who shares it.
type Key = (u8, String, String);

/// The caches with their sizes in KiB.
#[derive(Debug, Default)]
pub(crate) struct Caches(BTreeMap<Key, u64>);

impl Caches {
    /// Reads the caches of these logical processors.
    pub(crate) fn read(root: &Root, cpus: &[u32]) -> Self {
        let mut caches = BTreeMap::new();
        for cpu in cpus {
            let folder = format!("{CPUS}/cpu{cpu}/cache");
            for index in root.names(&folder).iter().filter(|name| name.starts_with("index")) {
                if let Some((key, size)) = read_one(root, &format!("{folder}/{index}"), *cpu) {
                    caches.insert(key, size);
                }
            }
        }
        Self(caches)
    }

    /// The sum over all caches of the last level, bytes; `None` where the machine shows none.
    pub(crate) fn last_level_bytes(&self) -> Option<u64> {
        let last = self.0.keys().map(|(level, ..)| *level).max()?;
        self.total_kb(last)?.checked_mul(1024)
    }

    /// The sum over all caches of a level, KiB; `None` where the machine shows none.
    pub(crate) fn total_kb(&self, level: u8) -> Option<u64> {
        let of_level = self.0.iter().filter(|((cache_level, ..), _)| *cache_level == level);
        let total = of_level.fold(0u64, |sum, (_, size)| sum.saturating_add(*size));
        (total > 0).then_some(total)
    }
}

fn read_one(root: &Root, folder: &str, cpu: u32) -> Option<(Key, u64)> {
    let level = root.number(&format!("{folder}/level"))?;
    let kind = root.text(&format!("{folder}/type"))?;
    let size = kib(&root.text(&format!("{folder}/size"))?)?;
    let sharers = root.text(&format!("{folder}/shared_cpu_list")).unwrap_or_else(|| cpu.to_string());
    Some(((level, kind, sharers), size))
}

/// `32K`, `1M` or plain bytes, in KiB.
fn kib(text: &str) -> Option<u64> {
    match text.strip_suffix(['K', 'M']) {
        Some(number) => number.parse::<u64>().ok()?.checked_mul(if text.ends_with('M') { 1024 } else { 1 }),
        None => text.parse::<u64>().ok().map(|bytes| bytes / 1024),
    }
}
