//! Takes samples of a test until they are good enough or the time is up.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::stats::{self, Summary};

/// Fewer samples cannot carry a 95 % interval of the median.
pub(crate) const FEWEST: usize = 6;
/// More add nothing that a person would notice.
const MOST: usize = 200;
/// Half-width of the interval, relative to the median, that is good enough.
const GOOD_ENOUGH: f64 = 0.02;
/// A sample lasts this many steps of the clock at least, so that the clock's step is lost in it.
const STEPS_PER_SAMPLE: u32 = 1000;

/// What one thread did in one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lap {
    /// Units of work done.
    pub(crate) units: f64,
    /// Time it took.
    pub(crate) time: Duration,
}

/// One thread of a test.
pub(crate) trait Lane: Send {
    /// Works for about `window`, or does its one fixed piece of work.
    fn lap(&mut self, window: Duration) -> Lap;
    /// Every output so far was right.
    fn correct(&self) -> bool {
        true
    }
}

/// What the sampler may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Never longer than this.
    pub(crate) cap: Duration,
    /// One sample of a test that works by time.
    pub(crate) window: Duration,
}

impl Limits {
    /// A share of time, cut into samples: a tenth warms up, and at least eight samples fit into the rest.
    pub(crate) fn of(share: Duration) -> Self {
        let window = (share / 10).clamp(clock_step() * STEPS_PER_SAMPLE, Duration::from_millis(250));
        Self { cap: share, window }
    }
}

/// Every sample in time order, and what they say together.
#[derive(Clone, Debug)]
pub(crate) struct Sampled {
    /// Units per second of all threads together, in time order.
    pub(crate) rates: Vec<f64>,
    /// Time from the first sample to the last.
    pub(crate) time: Duration,
    /// Every output was right.
    pub(crate) correct: bool,
}

/// Runs the lanes side by side, each on a thread of its own, pinned in turn to `processors`, started
/// together for every sample. The first lap warms up and does not count.
pub(crate) fn sample<L: Lane>(lanes: &mut [L], processors: &[usize], limits: Limits) -> Sampled {
    let count = lanes.len();
    let (start, end) = (Barrier::new(count + 1), Barrier::new(count + 1));
    let go_on = AtomicBool::new(true);
    let laps: Vec<_> = (0..count).map(|_| std::sync::Mutex::new(None::<Lap>)).collect();
    let begun = Instant::now();
    let mut rates = Vec::new();
    thread::scope(|scope| {
        for (index, lane) in lanes.iter_mut().enumerate() {
            let (start, end, go_on, slot) = (&start, &end, &go_on, &laps[index]);
            let processor = processors.get(index % processors.len().max(1)).copied();
            scope.spawn(move || {
                pin(processor);
                loop {
                    start.wait();
                    if !go_on.load(Ordering::Acquire) {
                        return;
                    }
                    let lap = lane.lap(limits.window);
                    *slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(lap);
                    end.wait();
                }
            });
        }
        let mut warm = false;
        loop {
            let lap_begun = Instant::now();
            start.wait();
            end.wait();
            let rate =
                laps.iter().map(|slot| rate(*slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner)));
            if std::mem::replace(&mut warm, true) {
                rates.push(rate.sum());
            }
            if is_enough(&rates, begun.elapsed(), lap_begun.elapsed(), limits.cap) {
                break;
            }
        }
        go_on.store(false, Ordering::Release);
        start.wait();
    });
    Sampled { rates, time: begun.elapsed(), correct: lanes.iter().all(|lane| lane.correct()) }
}

fn rate(lap: Option<Lap>) -> f64 {
    lap.map_or(0.0, |lap| lap.units / lap.time.as_secs_f64().max(1e-9))
}

/// The budget rule, in this order: the time cap is hard; then come enough samples; then precision.
pub(crate) fn is_enough(rates: &[f64], used: Duration, last: Duration, cap: Duration) -> bool {
    if used + last > cap {
        // One sample that overruns is still better than none; the process has a limit of its own.
        return !rates.is_empty();
    }
    if rates.len() < FEWEST {
        return false;
    }
    let precise = stats::summarise(rates).as_ref().and_then(Summary::half_width);
    rates.len() >= MOST || precise.is_some_and(|half_width| half_width <= GOOD_ENOUGH)
}

/// The smallest step that the monotonic clock was seen to make.
pub(crate) fn clock_step() -> Duration {
    let step = || {
        let first = Instant::now();
        loop {
            let step = first.elapsed();
            if !step.is_zero() {
                return step;
            }
        }
    };
    (0..32).map(|_| step()).min().unwrap_or(Duration::from_micros(1))
}

/// Where pinning is refused (a container's seccomp filter), the scheduler decides, as without us.
pub(crate) fn pin(processor: Option<usize>) {
    let Some(processor) = processor else { return };
    let mut set = rustix::thread::CpuSet::new();
    if processor < rustix::thread::CpuSet::MAX_CPU {
        set.set(processor);
        let _ = rustix::thread::sched_setaffinity(None, &set);
    }
}

/// The processors on which this process may run.
pub(crate) fn processors() -> Vec<usize> {
    match rustix::thread::sched_getaffinity(None) {
        Ok(set) => (0..rustix::thread::CpuSet::MAX_CPU).filter(|index| set.is_set(*index)).collect(),
        Err(_) => (0..thread::available_parallelism().map_or(1, usize::from)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_cap_beats_the_sample_count() {
        assert!(is_enough(&[1.0], 95 * MS, 10 * MS, 100 * MS));
        assert!(!is_enough(&[], 95 * MS, 10 * MS, 100 * MS), "one sample is wanted all the same");
        assert!(!is_enough(&[], 105 * MS, 10 * MS, 100 * MS));
    }

    #[test]
    fn the_sample_count_beats_precision() {
        assert!(!is_enough(&[1.0; 5], 10 * MS, MS, 100 * MS));
        assert!(is_enough(&[1.0; 6], 10 * MS, MS, 100 * MS));
    }

    #[test]
    fn noise_asks_for_more() {
        assert!(!is_enough(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0], 10 * MS, MS, 100 * MS));
        let noisy: Vec<f64> = (0..MOST).map(|index| 1.0 + f64::from(u8::from(index % 2 == 0))).collect();
        assert!(is_enough(&noisy, 10 * MS, MS, 100 * MS), "but not for ever");
    }

    struct Fixed;

    impl Lane for Fixed {
        fn lap(&mut self, _window: Duration) -> Lap {
            Lap { units: 10.0, time: MS }
        }
    }

    #[test]
    fn lanes_add_up() {
        let mut lanes = [Fixed, Fixed];
        let sampled = sample(&mut lanes, &processors(), Limits { cap: 60_000 * MS, window: MS });
        assert_eq!(sampled.rates, [20_000.0; FEWEST]);
        assert!(sampled.correct);
    }
}
