//! One sample of one thread: pieces of work, timed, for the length of a window.

use std::time::Duration;

use super::clock::Clock;

/// Work in pieces, each long against the clock's step.
pub(crate) trait Work {
    /// Does one piece; how many units it was.
    fn piece(&mut self) -> f64;
    /// Whether the outputs since the last time were right. Not timed.
    fn right(&mut self) -> bool {
        true
    }
}

/// What one thread did in one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lap {
    /// Units of work done.
    pub(crate) units: f64,
    /// Time it took, without looking at the clock and at the outputs.
    pub(crate) time: Duration,
    /// Every output was right.
    pub(crate) right: bool,
}

impl Lap {
    /// Units per second.
    pub(crate) fn rate(&self) -> f64 {
        self.units / self.time.as_secs_f64().max(1e-9)
    }
}

/// Works until the window is over; `reading` is what one look at the clock costs.
pub(crate) fn lap(clock: &impl Clock, reading: Duration, window: Duration, work: &mut impl Work) -> Lap {
    let mut lap = Lap { units: 0.0, time: Duration::ZERO, right: true };
    let begun = clock.now();
    loop {
        let piece_begun = clock.now();
        lap.units += work.piece();
        let ended = clock.now();
        lap.time += ended.saturating_sub(piece_begun).saturating_sub(reading);
        lap.right &= work.right();
        if ended.saturating_sub(begun) >= window {
            return lap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::tests::Ticking;
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    struct Slow<'a>(&'a Ticking, u32);

    impl Work for Slow<'_> {
        fn piece(&mut self) -> f64 {
            self.0.advance(10 * MS);
            4.0
        }

        fn right(&mut self) -> bool {
            self.0.advance(30 * MS);
            self.1 += 1;
            self.1 != 2
        }
    }

    #[test]
    fn only_the_work_is_timed() {
        let clock = Ticking::by(MS);
        let lap = lap(&clock, MS, 50 * MS, &mut Slow(&clock, 0));
        assert_eq!(lap, Lap { units: 8.0, time: 20 * MS, right: false });
        assert_eq!(lap.rate(), 400.0);
    }
}
