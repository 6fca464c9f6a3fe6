//! Whole numbers and branches that cannot be foreseen: a chain of operations, each chosen by the one before.

use std::hint::black_box;

use super::Kind;
use super::task::{Numbers, Task};
use crate::arch::features;

const WORDS: usize = 4_096;
/// The words come round so often that no branch predictor remembers the way: the steps differ every time.
const ROUNDS: usize = 32;
/// What the chain ends with.
const RIGHT: u64 = 0x7a4e_287f_82c9_f946;

pub(super) const KIND: Kind = Kind {
    metric: "cpu.integer_mops",
    per_run: (WORDS * ROUNDS) as f64 / 1e6,
    prepare: || Box::new(Chain::new()),
    instruction_set: features::baseline,
};

struct Chain {
    words: Vec<u64>,
    end: u64,
}

impl Chain {
    fn new() -> Self {
        let mut numbers = Numbers(1);
        Self { words: (0..WORDS).map(|_| numbers.next()).collect(), end: 0 }
    }
}

impl Task for Chain {
    fn run(&mut self) {
        let words = black_box(&self.words);
        let end = (0..ROUNDS).fold(0x2545_f491_4f6c_dd1d, |sum, _| chain(sum, words));
        self.end = black_box(end);
    }

    fn right(&self) -> bool {
        self.end == RIGHT
    }
}

/// Every step depends on the one before, and so does the branch that it takes.
fn chain(mut sum: u64, words: &[u64]) -> u64 {
    for word in words {
        let mixed = sum ^ word;
        sum = match mixed & 7 {
            0 => sum.wrapping_mul(word | 1),
            1 => sum.rotate_left((word >> 58) as u32).wrapping_add(1),
            2 => mixed.wrapping_sub(word >> 3),
            3 => sum.wrapping_add(u64::from(word.count_ones())) ^ (sum >> 7),
            4 if sum > *word => sum - word,
            4 => word - sum,
            5 => sum.swap_bytes() ^ word,
            6 => (sum >> 1) | (word << 63),
            _ => mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1,
        };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_round_is_like_another() {
        let words = Chain::new().words;
        let mut ends: Vec<u64> = Vec::new();
        let mut sum = 1;
        for _ in 0..ROUNDS {
            sum = chain(sum, &words);
            assert!(!ends.contains(&sum));
            ends.push(sum);
        }
    }
}
