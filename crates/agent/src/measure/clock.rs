//! The monotonic clock that measures, and how fine it is.

use std::time::{Duration, Instant};

/// A clock that never goes back. The loop is generic over it, so that its decisions are tested without time.
pub(crate) trait Clock {
    /// Time since some fixed moment.
    fn now(&self) -> Duration;
}

/// CLOCK_MONOTONIC.
pub(crate) struct Monotonic(Instant);

impl Monotonic {
    /// A clock that starts at zero.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Monotonic {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The clock's real step: the smallest difference that two readings showed, the cost of one included.
pub(crate) fn step(clock: &impl Clock) -> Duration {
    let mut smallest = Duration::MAX;
    for _ in 0..100 {
        let first = clock.now();
        // A coarse clock stands still for a while; one that never moves must not hold us.
        let moved = (0..1_000_000).map(|_| clock.now()).find(|now| *now > first);
        smallest = smallest.min(moved.map_or(Duration::MAX, |now| now - first));
        if smallest == Duration::MAX {
            return Duration::from_millis(10);
        }
    }
    smallest
}

/// What one reading costs: the mean over many.
pub(crate) fn reading(clock: &impl Clock) -> Duration {
    const READINGS: u32 = 1_000;
    let begun = clock.now();
    for _ in 1..READINGS {
        std::hint::black_box(clock.now());
    }
    (clock.now() - begun) / READINGS
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    /// Moves by a fixed step at every reading, and when it is told to.
    pub(crate) struct Ticking {
        now: Cell<Duration>,
        step: Duration,
    }

    impl Ticking {
        pub(crate) fn by(step: Duration) -> Self {
            Self { now: Cell::new(Duration::ZERO), step }
        }

        pub(crate) fn advance(&self, by: Duration) {
            self.now.set(self.now.get() + by);
        }
    }

    impl Clock for Ticking {
        fn now(&self) -> Duration {
            self.advance(self.step);
            self.now.get()
        }
    }

    #[test]
    fn step_and_cost_of_a_clock_are_found() {
        let ticking = Ticking::by(Duration::from_nanos(40));
        assert_eq!(step(&ticking), Duration::from_nanos(40));
        assert_eq!(reading(&ticking), Duration::from_nanos(40));
    }

    #[test]
    fn a_clock_that_stands_still_holds_nobody() {
        assert_eq!(step(&Ticking::by(Duration::ZERO)), Duration::from_millis(10));
    }
}
