//! The loop that every test goes through: samples until they agree, or until time is up.

use std::time::Duration;

use report::stats::{self, Summary};

use super::clock::{self, Clock, Monotonic};

/// Fewer samples cannot carry a 95 % interval of the median.
pub(crate) const FEWEST: usize = 6;
/// More add nothing that a person would notice.
const MOST: usize = 200;
/// Half-width of the interval, relative to the median, that is good enough.
pub(crate) const GOOD_ENOUGH: f64 = 0.02;
/// A sample lasts this many steps of the clock at least, so that the clock's step is lost in it.
const STEPS_PER_SAMPLE: u32 = 1000;
/// A longer sample says no more than this.
const LONGEST: Duration = Duration::from_millis(250);

/// What one test's loop may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// No sample begins that would end later.
    pub(crate) cap: Duration,
    /// Length of one sample.
    pub(crate) window: Duration,
}

impl Limits {
    /// A share of time, cut into samples: a tenth warms up, and at least eight samples fit into the rest.
    pub(crate) fn of(share: Duration) -> Self {
        Self::with_step(share, clock::step(&Monotonic::start()))
    }

    /// Under a clock that moves in coarse steps, enough samples still go before long ones.
    fn with_step(share: Duration, step: Duration) -> Self {
        let window = (share / 10).min(LONGEST).max((step * STEPS_PER_SAMPLE).min(share / 8));
        Self { cap: share, window }
    }
}

/// Every sample in time order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sampled {
    /// Units per second of all threads together, in time order.
    pub(crate) rates: Vec<f64>,
    /// Time from the first sample to the last, warming up included.
    pub(crate) time: Duration,
    /// Every output was right; `None` where there is nothing to check.
    pub(crate) correct: Option<bool>,
}

/// Takes samples as long as the budget rule asks for more; at least one. The first one warms up caches,
/// frequency and branch predictors, and is none.
pub(crate) fn collect(clock: &impl Clock, cap: Duration, mut sample: impl FnMut() -> f64) -> Sampled {
    let begun = clock.now();
    sample();
    let mut rates = Vec::new();
    loop {
        let before = clock.now();
        rates.push(sample());
        let after = clock.now();
        let (used, last) = (after.saturating_sub(begun), after.saturating_sub(before));
        if is_enough(&rates, used, last, cap) {
            return Sampled { rates, time: used, correct: None };
        }
    }
}

/// The budget rule, in this order: the time cap is hard; then come enough samples; then a least time, a third
/// of the cap, so that a longer preset looks longer; then precision.
pub(crate) fn is_enough(rates: &[f64], used: Duration, last: Duration, cap: Duration) -> bool {
    if used + last > cap {
        // One sample that overruns is still better than none; the process has a limit of its own.
        return !rates.is_empty();
    }
    if rates.len() >= MOST {
        return true;
    }
    if rates.len() < FEWEST || used < cap / 3 {
        return false;
    }
    let precise = stats::summarise(rates).as_ref().and_then(Summary::half_width);
    precise.is_some_and(|half_width| half_width <= GOOD_ENOUGH)
}

#[cfg(test)]
mod tests {
    use super::super::clock::tests::Ticking;
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Samples that take `each_ms` and yield `value(0)`, `value(1)` …; the warm-up yields nonsense.
    fn taken(cap_ms: u32, each_ms: u32, value: impl Fn(usize) -> f64) -> Sampled {
        let clock = Ticking::by(Duration::ZERO);
        let mut count = 0_usize;
        collect(&clock, MS * cap_ms, || {
            clock.advance(MS * each_ms);
            count += 1;
            count.checked_sub(2).map_or(f64::NAN, &value)
        })
    }

    fn scattered(index: usize) -> f64 {
        (index % 7) as f64 + 1.0
    }

    #[test]
    fn agreeing_samples_end_the_loop_after_the_least_time() {
        let sampled = taken(300, 10, |_| 5.0);
        assert_eq!(sampled.rates, [5.0; 9]);
        assert_eq!(sampled.time, 100 * MS);
    }

    #[test]
    fn six_samples_are_taken_even_if_the_least_time_is_over() {
        assert_eq!(taken(300, 30, |_| 5.0).rates.len(), FEWEST);
    }

    #[test]
    fn samples_that_disagree_use_the_time_up_and_no_more() {
        let sampled = taken(300, 10, scattered);
        assert_eq!((sampled.rates.len(), sampled.time), (29, 300 * MS));
    }

    #[test]
    fn the_cap_goes_before_the_number_of_samples() {
        assert_eq!(taken(300, 100, |_| 5.0).rates.len(), 2);
        assert_eq!(taken(300, 1_000, |_| 5.0).rates.len(), 1, "one sample is taken whatever it costs");
    }

    #[test]
    fn a_report_is_not_flooded() {
        assert_eq!(taken(1_000_000, 1, scattered).rates.len(), MOST);
    }

    #[test]
    fn samples_stay_in_time_order_outliers_and_all() {
        let sampled = taken(100, 10, |index| if index == 2 { 1e6 } else { 100.0 - index as f64 });
        assert_eq!(sampled.rates, [100.0, 99.0, 1e6, 97.0, 96.0, 95.0, 94.0, 93.0, 92.0]);
    }

    #[test]
    fn a_window_is_long_against_the_clock_and_short_against_the_share() {
        let window =
            |share: u32, step_us| Limits::with_step(MS * share, Duration::from_micros(step_us)).window;
        assert_eq!(window(1_000, 1), 100 * MS);
        assert_eq!(window(100_000, 1), LONGEST);
        assert_eq!(window(40, 1), 4 * MS);
        assert_eq!(window(20_000, 500), 500 * MS);
        assert_eq!(window(400, 4_000), 50 * MS, "a clock that ticks 250 times a second");
        assert_eq!(window(0, 1), Duration::ZERO);
    }
}
