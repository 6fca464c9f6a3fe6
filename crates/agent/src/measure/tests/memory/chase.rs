//! A random pointer chase: every access needs the one before it.

use std::hint::black_box;
use std::time::Instant;

use super::super::super::lap::Work;
use crate::measure::noise::Noise;

/// One element per cache line.
const LINE: usize = 64;
const PER_LINE: usize = LINE / size_of::<u32>();
/// Accesses between two looks at the clock.
const STRIDE: usize = 4096;
/// Bytes touched between two looks at the clock.
const TOUCHED: usize = 1 << 20;

/// Buffer sizes below the largest, each four times the one before, from 16 KiB up.
pub(super) fn ladder(largest: u64) -> Vec<u64> {
    std::iter::successors(Some(16 * 1024), |size| Some(size * 4)).take_while(|size| *size < largest).collect()
}

/// A chase through a buffer, on one thread.
pub(super) struct Chase {
    next: Vec<u32>,
    /// The lines in the order of the chase.
    order: Vec<u32>,
    at: u32,
    accesses: usize,
}

impl Chase {
    /// One cycle through every line of `bytes`, in random order from a fixed seed. Memory that a machine hands
    /// out too slowly to be there at `latest` is left out, but for the least. Empty if there is not enough.
    pub(super) fn new(bytes: u64, latest: Instant) -> Self {
        let wanted = usize::try_from(bytes).unwrap_or(usize::MAX).min(u32::MAX as usize) / LINE * PER_LINE;
        let mut next = Vec::new();
        let wanted = if next.try_reserve_exact(wanted).is_ok() { wanted } else { 0 };
        while next.len() < wanted && (next.is_empty() || Instant::now() < latest) {
            next.resize((next.len() + TOUCHED / size_of::<u32>()).min(wanted), 0);
        }
        let order = shuffled(next.len() / PER_LINE);
        for (from, to) in order.iter().zip(order.iter().cycle().skip(1)) {
            next[*from as usize] = *to;
        }
        let at = order.first().copied().unwrap_or(0);
        Self { next, order, at, accesses: 0 }
    }

    /// Bytes that are chased through.
    pub(super) fn bytes(&self) -> u64 {
        (self.order.len() * LINE) as u64
    }

    /// The chase has come to where so many accesses lead: no link was read wrongly.
    pub(super) fn is_on_its_way(&self) -> bool {
        self.order.get(self.accesses % self.order.len().max(1)) == Some(&self.at)
    }
}

impl Work for Chase {
    fn piece(&mut self) -> f64 {
        let mut at = self.at;
        for _ in 0..STRIDE {
            at = self.next[at as usize];
        }
        self.at = black_box(at);
        self.accesses += STRIDE;
        STRIDE as f64
    }
}

/// The first elements of so many lines, at random (Fisher & Yates).
fn shuffled(lines: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..lines).map(|line| u32::try_from(line * PER_LINE).unwrap_or(0)).collect();
    let mut noise = Noise::new(0);
    for last in (1..lines).rev() {
        order.swap(last, noise.below(last as u64 + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn chase(bytes: u64) -> Chase {
        Chase::new(bytes, Instant::now() + Duration::from_secs(60))
    }

    #[test]
    fn the_chase_visits_every_line_before_it_comes_back() {
        let chase = chase(64 * 1024);
        let (mut at, mut visited) = (chase.at, 0);
        loop {
            at = chase.next[at as usize];
            visited += 1;
            if at == chase.at {
                break;
            }
        }
        assert_eq!((visited, chase.bytes()), (1024, 64 * 1024));
    }

    #[test]
    fn a_link_that_was_read_wrongly_shows() {
        let mut chase = chase(100 * 1024);
        assert_eq!(chase.piece(), 4096.0);
        assert!(chase.is_on_its_way());
        let other = chase.order[17];
        chase.next[chase.at as usize] = other;
        chase.piece();
        assert!(!chase.is_on_its_way());
    }

    #[test]
    fn memory_that_comes_too_slowly_is_left_out() {
        let chase = Chase::new(64 << 20, Instant::now());
        assert_eq!(chase.bytes(), TOUCHED as u64);
    }

    #[test]
    fn sizes_climb_to_the_largest() {
        assert_eq!(ladder(1024 * 1024), [16 << 10, 64 << 10, 256 << 10]);
        assert_eq!(ladder(100 << 10), [16 << 10, 64 << 10]);
    }
}
