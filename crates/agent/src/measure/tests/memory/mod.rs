//! The memory's tests: a random pointer chase, and STREAM's four kernels on all threads and on one.
//!
//! STREAM counts the bytes that the program names: two arrays for copy and scale, three for add and triad
//! (McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers", 1995).

mod bandwidth;
mod chase;
mod latency;
mod sizes;
mod stream;

use std::io;
use std::time::{Duration, Instant};

use report::measurement::{Measurement, Params};
use report::number::Whole;
use report::text::Prose;

use super::super::plan::ComponentPlan;
use super::super::processors;
use super::super::protocol::Sink;
use super::threads;
use crate::probe::Root;
use sizes::Machine;

/// Measures the memory.
pub(crate) fn run(plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    let machine = Machine::read(&Root::system(), processors::all());
    run_on(plan, &machine, sink)
}

fn run_on(plan: &ComponentPlan, machine: &Machine, sink: &mut dyn Sink) -> io::Result<()> {
    let begun = Instant::now();
    if plan.wants(latency::METRIC) {
        latency::run(machine, begun + plan.budget / 4, sink)?;
    }
    bandwidth::run(plan, machine, begun + plan.budget, sink)
}

fn params(bytes: u64, cache: Option<u64>, count: usize) -> Params {
    Params {
        threads: threads(count),
        array_bytes: Whole::new(bytes),
        last_level_cache_bytes: cache.and_then(Whole::new),
        ..Params::default()
    }
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// A machine that hands out memory slowly had no time for all of it: the figure says so.
fn noted(mut measured: Measurement, bytes: u64, wanted: u64) -> Measurement {
    let (had, wanted) = (bytes >> 20, wanted >> 20);
    if had < wanted {
        let so_far = measured.note.map(|note| format!("{}; ", note.as_str())).unwrap_or_default();
        let note = format!("{so_far}{had} of {wanted} MiB could be had in the time there was");
        measured.note = Some(Prose::lossy(&note));
    }
    measured
}

#[cfg(test)]
mod tests {
    use report::{Direction, Preset};

    use super::super::super::protocol::Line;
    use super::*;

    #[test]
    fn every_metric_is_measured_once_and_latency_is_lower_better() {
        let plan = ComponentPlan::new(Preset::Short, Duration::from_millis(1500));
        let mut lines = Vec::new();
        run_on(&plan, &Machine::small(processors::all()), &mut lines).unwrap();
        let measured = lines.into_iter().filter_map(|line| match line {
            Line::Measurement(measurement) => Some(measurement),
            _ => None,
        });
        let measured: Vec<_> = measured.collect();
        assert_eq!(measured.len(), 9);
        for one in &measured {
            let params = one.params.as_ref().unwrap();
            assert!(one.value.is_some_and(|value| value.get() > 0.0), "{one:?}");
            assert_eq!(params.output_correct, Some(true), "{one:?}");
            assert!(params.array_bytes.is_some_and(|bytes| bytes.get() >= 1 << 20), "{one:?}");
        }
        let lower: Vec<_> = measured.iter().filter(|one| one.direction == Some(Direction::Lower)).collect();
        assert_eq!(lower.len(), 1);
        assert_eq!(lower[0].metric.as_str(), latency::METRIC);
    }

    #[test]
    fn memory_that_cannot_be_had_is_told_as_missing() {
        let plan = ComponentPlan {
            only: Some("memory.t".to_owned()),
            ..ComponentPlan::new(Preset::Short, Duration::from_secs(1))
        };
        let machine = Machine { array: u64::MAX, ..Machine::small(processors::all()) };
        let mut lines = Vec::new();
        run_on(&plan, &machine, &mut lines).unwrap();
        let missing = lines.into_iter().filter_map(|line| match line {
            Line::Failed(missing) => Some((missing.path.to_string(), missing.reason.to_string())),
            _ => None,
        });
        let of = |metric: &str| (metric.to_owned(), "no_memory".to_owned());
        let expected = [of("memory.throughput_mib_s"), of("memory.triad_mib_s_single")];
        assert_eq!(missing.collect::<Vec<_>>(), expected);
    }
}
