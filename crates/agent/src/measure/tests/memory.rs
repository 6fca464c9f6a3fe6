//! The memory's tests: STREAM's four kernels on one thread and on all, and a random pointer chase.
//!
//! STREAM counts the bytes that the program names: two arrays for copy and scale, three for add and triad
//! (McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers", 1995).

mod chase;
mod stream;

use std::io;
use std::time::{Duration, Instant};

use report::measurement::Params;
use report::number::{Quantity, Whole};

use super::super::plan::ComponentPlan;
use super::super::protocol::{Line, Sink};
use super::super::sampler::{self, Limits, Sampled};
use super::{measurement, threads};
use crate::measure::surroundings;
use stream::{Kernel, Pass};

const MIB: f64 = 1024.0 * 1024.0;
/// Without a last-level cache to go by: larger than that of any board that does not show its caches.
const ASSUMED_CACHE: u64 = 8 * 1024 * 1024;

/// The kernels, each with its metric on one thread and on all.
const STREAM: [(Kernel, &str, &str); 4] = [
    (Kernel::Triad, "memory.triad_mib_s_single", "memory.throughput_mib_s"),
    (Kernel::Copy, "memory.copy_mib_s_single", "memory.copy_mib_s_multi"),
    (Kernel::Scale, "memory.scale_mib_s_single", "memory.scale_mib_s_multi"),
    (Kernel::Add, "memory.add_mib_s_single", "memory.add_mib_s_multi"),
];

/// Measures the memory.
pub(crate) fn run(plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    let cache = surroundings::last_level_cache_bytes();
    let sizes = Sizes::of(cache.unwrap_or(ASSUMED_CACHE), surroundings::available_memory_bytes());
    run_sized(plan, sizes, cache, sink)
}

fn run_sized(plan: &ComponentPlan, sizes: Sizes, cache: Option<u64>, sink: &mut dyn Sink) -> io::Result<()> {
    let end = Instant::now() + plan.budget;
    if plan.wants("memory.latency_ns") {
        sink.say(Line::Progress("memory.latency_ns".to_owned()))?;
        sink.say(Line::Measurement(Box::new(latency(sizes, cache, plan.budget / 4))))?;
    }
    bandwidth(plan, sizes, cache, end, sink)
}

/// How large the arrays are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sizes {
    /// Bytes of one of STREAM's three arrays.
    array: u64,
    /// Bytes of the largest chased buffer.
    chase: u64,
}

impl Sizes {
    /// At least four times the last-level cache, but together at most a quarter of what is available.
    fn of(cache: u64, available: Option<u64>) -> Self {
        let wanted = (4 * cache).max(16 * 1024 * 1024);
        let quarter = available.map_or(u64::MAX, |bytes| bytes / 4);
        let page = |bytes: u64| (bytes / 4096).max(4) * 4096;
        Self { array: page(wanted.min(quarter / 3)), chase: page(wanted.min(quarter)) }
    }
}

fn params(bytes: u64, cache: Option<u64>, count: usize) -> Params {
    Params {
        threads: threads(count),
        array_bytes: Whole::new(bytes),
        last_level_cache_bytes: cache.and_then(Whole::new),
        ..Params::default()
    }
}

fn latency(sizes: Sizes, cache: Option<u64>, share: Duration) -> report::measurement::Measurement {
    let ladder = chase::ladder(sizes.chase);
    // The largest size is the figure and gets half of the time; the others draw the curve.
    let each = share / 2 / u32::try_from(ladder.len()).unwrap_or(1);
    let mut by_size = std::collections::BTreeMap::new();
    let mut last = None;
    for (index, bytes) in ladder.iter().enumerate() {
        let share = if index + 1 == ladder.len() { share / 2 } else { each };
        let mut lanes = [chase::Chase::new(*bytes)];
        let sampled = sampler::sample(&mut lanes, &sampler::processors(), Limits::of(share));
        let ns: Vec<f64> = sampled.rates.iter().map(|rate| 1e9 / rate).collect();
        if let Some(ns) =
            super::super::stats::summarise(&ns).and_then(|summary| Quantity::new(summary.median))
        {
            by_size.insert((bytes / 1024).to_string(), ns);
        }
        last = Some(sampled);
    }
    let sampled = last.unwrap_or(Sampled { rates: Vec::new(), time: Duration::ZERO, correct: true });
    let mut params = params(sizes.chase, cache, 1);
    params.latency_by_size_kib = Some(by_size);
    measurement("memory.latency_ns", &sampled, |rate| 1e9 / rate, params)
}

fn bandwidth(
    plan: &ComponentPlan,
    sizes: Sizes,
    cache: Option<u64>,
    end: Instant,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let processors = sampler::processors();
    let mut steps = Vec::new();
    for (count, multi) in [(1, false), (processors.len(), true)] {
        let wanted = STREAM.iter().map(|(kernel, one, all)| (*kernel, if multi { *all } else { *one }));
        steps.extend(
            wanted.filter(|(_, metric)| plan.wants(metric)).map(|(kernel, metric)| (kernel, metric, count)),
        );
    }
    let mut total = steps.len();
    let mut lanes: Vec<Pass> = Vec::new();
    for (kernel, metric, count) in steps {
        sink.say(Line::Progress(metric.to_owned()))?;
        if lanes.len() != count {
            lanes.clear();
            lanes = stream::passes(sizes.array, &processors, count);
        }
        lanes.iter_mut().for_each(|lane| lane.kernel = kernel);
        let left = end.saturating_duration_since(Instant::now());
        let limits = Limits::of(left / u32::try_from(total).unwrap_or(1));
        total -= 1;
        let sampled = sampler::sample(&mut lanes, &processors, limits);
        let made = measurement(metric, &sampled, |rate| rate / MIB, params(sizes.array, cache, count));
        sink.say(Line::Measurement(Box::new(made)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use report::Preset;

    use super::*;

    #[test]
    fn arrays_are_large_but_leave_three_quarters_of_memory() {
        let mib = 1024 * 1024;
        assert_eq!(Sizes::of(48 * mib, Some(24_576 * mib)), Sizes { array: 192 * mib, chase: 192 * mib });
        let small = Sizes::of(48 * mib, Some(512 * mib));
        assert!(small.array * 3 <= 128 * mib && small.chase <= 128 * mib, "{small:?}");
    }

    #[test]
    fn every_metric_is_measured_once_and_latency_is_lower_better() {
        let plan = ComponentPlan::new(Preset::Short, Duration::from_millis(1500));
        let mut lines = Vec::new();
        let sizes = Sizes { array: 1 << 20, chase: 1 << 20 };
        run_sized(&plan, sizes, None, &mut lines).unwrap();
        let measured: Vec<_> = lines
            .into_iter()
            .filter_map(|line| match line {
                Line::Measurement(measurement) => Some(measurement),
                _ => None,
            })
            .collect();
        assert_eq!(measured.len(), 9);
        assert!(measured.iter().all(|one| one.value.is_some_and(|value| value.get() > 0.0)), "{measured:?}");
        let lower: Vec<_> =
            measured.iter().filter(|one| one.direction == Some(report::Direction::Lower)).collect();
        assert_eq!(lower.len(), 1);
        assert_eq!(lower[0].metric.as_str(), "memory.latency_ns");
    }
}
