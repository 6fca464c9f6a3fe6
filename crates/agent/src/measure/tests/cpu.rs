//! The processor's tests: six of different nature, on one thread and on all.

mod units;

use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use report::measurement::Params;
use report::text::Name;

use super::super::plan::ComponentPlan;
use super::super::protocol::{Line, Sink};
use super::super::sampler::{self, Lane, Lap, Limits};
use super::{measurement, threads};
use units::Unit;

/// A test: the metric's id without its ending, how its units count, and how one thread of it is made.
struct Test {
    metric: &'static str,
    /// A unit, in the metric's unit times seconds.
    per_unit: fn() -> f64,
    make: fn() -> Unit,
}

const TESTS: [Test; 6] = [
    Test { metric: "cpu.events_per_sec", per_unit: || 1.0, make: units::prime },
    Test { metric: "cpu.integer_mops", per_unit: units::integer_mops, make: units::integer },
    Test { metric: "cpu.sha256_mb_s", per_unit: units::sha256_mb, make: units::sha256 },
    Test { metric: "cpu.deflate_mb_s", per_unit: units::deflate_mb, make: units::deflate },
    Test { metric: "cpu.matrix_gflops", per_unit: units::matrix_gflop, make: units::matrix },
    Test { metric: "cpu.sort_mkeys_s", per_unit: units::sort_mkeys, make: units::sort },
];

/// Measures the processor.
pub(crate) fn run(plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    let processors = sampler::processors();
    let end = Instant::now() + plan.budget;
    let mut steps: Vec<(String, &Test, usize)> = Vec::new();
    for (ending, count) in [("single", 1), ("multi", processors.len())] {
        steps.extend(TESTS.iter().map(|test| (format!("{}_{ending}", test.metric), test, count)));
    }
    steps.retain(|(metric, ..)| plan.wants(metric));
    let total = steps.len();
    for (done, (metric, test, count)) in steps.into_iter().enumerate() {
        sink.say(Line::Progress(metric.clone()))?;
        let left = end.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(total - done).unwrap_or(1);
        let mut lanes: Vec<Counting> = (0..count).map(|_| Counting::new((test.make)())).collect();
        let sampled = sampler::sample(&mut lanes, &processors, Limits::of(share));
        let per_unit = (test.per_unit)();
        let params =
            Params { threads: threads(count), instruction_set: instruction_set(), ..Params::default() };
        let made = measurement(&metric, &sampled, |rate| rate * per_unit, params);
        sink.say(Line::Measurement(Box::new(made)))?;
    }
    Ok(())
}

/// Repeats a unit for the length of the window.
struct Counting {
    unit: Unit,
    clock_cost: Duration,
    correct: bool,
}

impl Counting {
    fn new(unit: Unit) -> Self {
        Self { unit, clock_cost: clock_cost(), correct: true }
    }
}

impl Lane for Counting {
    fn lap(&mut self, window: Duration) -> Lap {
        let begun = Instant::now();
        let mut units = 0_u32;
        loop {
            self.correct &= black_box((self.unit)());
            units += 1;
            let elapsed = begun.elapsed();
            if elapsed >= window {
                let time = elapsed.saturating_sub(self.clock_cost * units).max(Duration::from_nanos(1));
                return Lap { units: f64::from(units), time };
            }
        }
    }

    fn correct(&self) -> bool {
        self.correct
    }
}

/// What one look at the clock costs: the loop's own overhead, taken off every sample.
fn clock_cost() -> Duration {
    let begun = Instant::now();
    for _ in 0..1000 {
        black_box(begun.elapsed());
    }
    begun.elapsed() / 1000
}

/// The widest instruction set that the tests choose by themselves on this processor.
fn instruction_set() -> Option<Name> {
    #[cfg(target_arch = "x86_64")]
    {
        let name = match () {
            () if std::arch::is_x86_feature_detected!("avx512f") => "avx512",
            () if std::arch::is_x86_feature_detected!("avx2") => "avx2",
            () if std::arch::is_x86_feature_detected!("avx") => "avx",
            () => "sse2",
        };
        Some(Name::lossy(name))
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        cfg!(target_arch = "aarch64").then(|| Name::lossy("neon"))
    }
}

#[cfg(test)]
mod tests {
    use report::Preset;

    use super::*;

    #[test]
    fn every_test_has_metrics_in_the_catalogue() {
        for test in TESTS {
            for ending in ["single", "multi"] {
                let id = report::MetricId::new(&format!("{}_{ending}", test.metric)).unwrap();
                assert!(id.definition().is_some(), "{id}");
            }
        }
    }

    #[test]
    fn a_short_budget_yields_every_metric_once() {
        let plan = ComponentPlan::new(Preset::Short, Duration::from_millis(1200));
        let mut lines = Vec::new();
        run(&plan, &mut lines).unwrap();
        let measured = lines.iter().filter_map(|line| match line {
            Line::Measurement(measurement) => Some(measurement),
            _ => None,
        });
        let measured: Vec<_> = measured.collect();
        assert_eq!(measured.len(), 12);
        for measurement in measured {
            assert!(measurement.value.is_some_and(|value| value.get() > 0.0), "{measurement:?}");
        }
    }

    #[test]
    fn a_wrong_output_is_told_and_has_no_figure() {
        let mut lanes = [Counting::new(Box::new(|| false))];
        let limits = Limits { cap: Duration::from_millis(50), window: Duration::from_millis(1) };
        let sampled = sampler::sample(&mut lanes, &[], limits);
        let made = measurement("cpu.events_per_sec_single", &sampled, |rate| rate, Params::default());
        assert_eq!(made.value, None);
        assert_eq!(made.reasons.unwrap()[0].code.as_str(), "wrong_result");
    }
}
