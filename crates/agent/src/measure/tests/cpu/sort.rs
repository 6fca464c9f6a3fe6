//! Sorting: 64-bit keys in random order, with the standard library's unstable sort.

use std::hint::black_box;

use super::Kind;
use super::task::{Numbers, Task, checksum};
use crate::arch::features;

const KEYS: usize = 64 << 10;
/// Checksum of the sorted keys.
const RIGHT: u64 = 0xd5b8_9879_bc08_5f61;

pub(super) const KIND: Kind = Kind {
    metric: "cpu.sort_mkeys_s",
    per_run: KEYS as f64 / 1e6,
    prepare: || Box::new(Keys::new()),
    instruction_set: features::baseline,
};

struct Keys {
    shuffled: Vec<u64>,
    sorted: Vec<u64>,
}

impl Keys {
    fn new() -> Self {
        let mut numbers = Numbers(5);
        let shuffled: Vec<u64> = (0..KEYS).map(|_| numbers.next()).collect();
        Self { sorted: shuffled.clone(), shuffled }
    }
}

impl Task for Keys {
    fn run(&mut self) {
        self.sorted.copy_from_slice(black_box(&self.shuffled));
        black_box(&mut self.sorted).sort_unstable();
    }

    fn right(&self) -> bool {
        checksum(self.sorted.iter().copied()) == RIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_keys_in_order() {
        let mut keys = Keys::new();
        assert!(!keys.right(), "they begin in disorder");
        keys.sorted.sort();
        assert!(keys.right());
    }
}
