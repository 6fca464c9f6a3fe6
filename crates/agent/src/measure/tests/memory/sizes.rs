//! How large the arrays are on this machine.

use super::super::super::processors::Place;
use crate::probe::{self, Root};

/// Without a last-level cache to go by: larger than that of any board that does not show its caches.
const ASSUMED_CACHE: u64 = 8 << 20;
/// Smaller ones would measure loops and clocks.
const SMALLEST_ARRAY: u64 = 16 << 20;
const PAGE: u64 = 4096;

/// What the sizes depend on, and the sizes.
pub(super) struct Machine {
    /// Where the threads are, one for each processor.
    pub(super) places: Vec<Place>,
    /// Where one thread is.
    pub(super) single: Place,
    /// Of `places`, those whose memory is near to `single`.
    pub(super) near: Vec<bool>,
    /// Bytes of the caches that all threads fill together.
    pub(super) cache: Option<u64>,
    /// Bytes of the cache that one thread fills.
    pub(super) single_cache: Option<u64>,
    /// Bytes of one of STREAM's three arrays, all threads together.
    pub(super) array: u64,
    /// Bytes of the largest chased buffer.
    pub(super) chase: u64,
}

impl Machine {
    pub(super) fn read(root: &Root, places: Vec<Place>) -> Self {
        let number = |place: &Place| place.and_then(|processor| u32::try_from(processor).ok());
        let cpus: Vec<u32> = places.iter().filter_map(number).collect();
        let single = probe::fastest(root, &cpus).and_then(|cpu| usize::try_from(cpu).ok());
        let node = |place: &Place| probe::memory_node(root, number(place)?);
        let near = places.iter().map(|place| node(place) == node(&single)).collect();
        let cache = probe::last_level_cache_bytes(root, &cpus);
        let single_cache = number(&single).and_then(|cpu| probe::last_level_cache_bytes(root, &[cpu]));
        let available = probe::available_memory_bytes(root);
        Self {
            array: array(cache, available),
            chase: chase(single_cache, available),
            places,
            single,
            near,
            cache,
            single_cache,
        }
    }

    /// Arrays of 1 MiB, for tests.
    #[cfg(test)]
    pub(super) fn small(places: Vec<Place>) -> Self {
        let near = vec![true; places.len()];
        let array = (places.len() as u64) << 20;
        Self { places, single: None, near, cache: None, single_cache: None, array, chase: 1 << 20 }
    }
}

/// At least four times the last-level caches, but all three at most a quarter of what is available.
fn array(cache: Option<u64>, available: Option<u64>) -> u64 {
    pages(wanted(cache).min(available.map_or(u64::MAX, |bytes| bytes / 4 / 3)))
}

/// The same for the one buffer of the chase.
fn chase(cache: Option<u64>, available: Option<u64>) -> u64 {
    pages(wanted(cache).min(available.map_or(u64::MAX, |bytes| bytes / 4)))
}

fn wanted(cache: Option<u64>) -> u64 {
    cache.unwrap_or(ASSUMED_CACHE).saturating_mul(4).max(SMALLEST_ARRAY)
}

fn pages(bytes: u64) -> u64 {
    (bytes / PAGE).max(4) * PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn arrays_are_large_but_leave_three_quarters_of_memory() {
        assert_eq!(array(Some(48 * MIB), Some(24_576 * MIB)), 192 * MIB);
        assert_eq!(chase(Some(48 * MIB), Some(24_576 * MIB)), 192 * MIB);
        assert!(array(Some(48 * MIB), Some(512 * MIB)) * 3 <= 128 * MIB);
        assert_eq!(chase(Some(48 * MIB), Some(512 * MIB)), 128 * MIB);
    }

    #[test]
    fn without_figures_of_the_machine_there_are_sizes_all_the_same() {
        assert_eq!(array(None, None), 32 * MIB);
        assert_eq!(array(Some(256 << 10), None), SMALLEST_ARRAY);
        assert_eq!(chase(Some(MIB), Some(0)), 4 * PAGE);
    }
}
