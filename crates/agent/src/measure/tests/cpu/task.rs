//! What the processor's tests have in common: input from a seed, work in pieces, a checked output.

use std::time::Duration;

use crate::measure::clock::Clock;
use crate::measure::lap::Work;

/// Work whose input and output are always the same.
pub(super) trait Task {
    /// Does it once.
    fn run(&mut self);
    /// Whether the output of the last run is what it must be.
    fn right(&self) -> bool;
}

/// Runs of a task, as many between two looks at the clock as the clock's step asks for.
pub(super) struct Runs {
    task: Box<dyn Task>,
    per_piece: u32,
}

impl Runs {
    /// As many runs in a piece as last `shortest` together.
    pub(super) fn tuned(task: Box<dyn Task>, clock: &impl Clock, shortest: Duration) -> Self {
        let mut runs = Self { task, per_piece: 1 };
        loop {
            let begun = clock.now();
            runs.piece();
            if clock.now().saturating_sub(begun) >= shortest || runs.per_piece > u32::MAX / 2 {
                return runs;
            }
            runs.per_piece *= 2;
        }
    }
}

impl Work for Runs {
    fn piece(&mut self) -> f64 {
        (0..self.per_piece).for_each(|_| self.task.run());
        f64::from(self.per_piece)
    }

    fn right(&mut self) -> bool {
        self.task.right()
    }
}

/// A seeded stream of numbers, the same on every machine (splitmix64, by S. Vigna, public domain algorithm).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// A checksum of many words that depends on their order.
pub(super) fn checksum(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |sum: u64, word| sum.rotate_left(5).wrapping_add(word).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::super::super::super::clock::tests::Ticking;
    use super::*;

    struct Counted(Rc<Ticking>, Rc<Cell<u32>>);

    impl Task for Counted {
        fn run(&mut self) {
            self.0.advance(Duration::from_micros(1));
            self.1.set(self.1.get() + 1);
        }

        fn right(&self) -> bool {
            self.1.get() == 100
        }
    }

    #[test]
    fn a_piece_is_long_against_the_clock() {
        let (clock, count) = (Rc::new(Ticking::by(Duration::ZERO)), Rc::new(Cell::new(0)));
        let task = Box::new(Counted(Rc::clone(&clock), Rc::clone(&count)));
        let mut runs = Runs::tuned(task, &*clock, Duration::from_micros(20));
        assert_eq!(runs.piece(), 32.0);
        assert!(!runs.right());
        count.set(100 - 32);
        runs.piece();
        assert!(runs.right());
    }

    #[test]
    fn the_checksum_depends_on_the_order() {
        assert_ne!(checksum([1, 2].into_iter()), checksum([2, 1].into_iter()));
    }
}
