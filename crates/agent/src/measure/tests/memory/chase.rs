//! A random pointer chase: every access needs the one before it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::super::super::sampler::{Lane, Lap};

/// One element per cache line.
const LINE: usize = 64;
const PER_LINE: usize = LINE / size_of::<u32>();
/// Accesses between two looks at the clock.
const STRIDE: u32 = 4096;

/// Buffer sizes from 16 KiB up, each four times the one before, and the largest.
pub(super) fn ladder(largest: u64) -> Vec<u64> {
    let mut sizes: Vec<u64> = std::iter::successors(Some(16 * 1024), |size| Some(size * 4))
        .take_while(|size| *size < largest)
        .collect();
    sizes.push(largest);
    sizes
}

/// A chase through a buffer, on one thread.
pub(super) struct Chase {
    next: Vec<u32>,
    at: u32,
}

impl Chase {
    /// One cycle through every line of `bytes`, in random order (Sattolo's shuffle, from a fixed seed).
    pub(super) fn new(bytes: u64) -> Self {
        let lines = usize::try_from(bytes).unwrap_or(usize::MAX) / LINE;
        let lines = lines.clamp(2, u32::MAX as usize / PER_LINE);
        let mut order: Vec<u32> =
            (0..lines).map(|line| u32::try_from(line * PER_LINE).unwrap_or(0)).collect();
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for last in (1..lines).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(last, (state % last as u64) as usize);
        }
        let mut next = vec![0; lines * PER_LINE];
        for (line, target) in order.into_iter().enumerate() {
            next[line * PER_LINE] = target;
        }
        Self { next, at: 0 }
    }
}

impl Lane for Chase {
    fn lap(&mut self, window: Duration) -> Lap {
        let begun = Instant::now();
        let mut accesses = 0_u64;
        loop {
            let mut at = self.at;
            for _ in 0..STRIDE {
                at = self.next[at as usize];
            }
            self.at = black_box(at);
            accesses += u64::from(STRIDE);
            let time = begun.elapsed();
            if time >= window {
                return Lap { units: accesses as f64, time };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chase_visits_every_line_before_it_comes_back() {
        let chase = Chase::new(64 * 1024);
        let (mut at, mut visited) = (0_u32, 0);
        loop {
            at = chase.next[at as usize];
            visited += 1;
            if at == 0 {
                break;
            }
        }
        assert_eq!(visited, 1024);
    }

    #[test]
    fn sizes_climb_to_the_largest() {
        assert_eq!(ladder(1024 * 1024), [16 << 10, 64 << 10, 256 << 10, 1 << 20]);
        assert_eq!(ladder(100 << 10), [16 << 10, 64 << 10, 100 << 10]);
    }
}
