//! The tests, one file per component.

pub(crate) mod cpu;
pub(crate) mod disk;
pub(crate) mod memory;
pub(crate) mod network;

use std::io;
use std::time::Duration;

use report::MetricId;
use report::measurement::{Measurement, Params, Reason};
use report::missing::Missing;
use report::number::{Quantity, Real, Whole};
use report::stats;
use report::text::{List, Name, Prose};

use super::protocol::Line;
use super::sampler::{GOOD_ENOUGH, Sampled};

/// Makes a measurement of samples; `scale` turns units per second into the metric's unit.
pub(crate) fn measurement(
    metric: &str,
    sampled: &Sampled,
    scale: impl Fn(f64) -> f64,
    params: Params,
) -> Measurement {
    let samples: Vec<f64> = sampled.rates.iter().map(|rate| scale(*rate)).collect();
    let summary = stats::summarise(&samples);
    let interval = summary.and_then(|summary| summary.interval);
    let is_wrong = sampled.correct == Some(false);
    let wrong = Reason {
        code: Name::lossy("wrong_result"),
        evidence: Some(Prose::lossy("the test's output differs from what it must be")),
    };
    Measurement {
        value: summary.filter(|_| !is_wrong).and_then(|summary| Real::new(summary.median)),
        samples: Some(List::from_iter(samples.iter().filter_map(|sample| Real::new(*sample)))),
        spread: summary.and_then(|summary| Quantity::new(summary.mad)),
        ci_low: interval.and_then(|(low, _)| Real::new(low)),
        ci_high: interval.and_then(|(_, high)| Real::new(high)),
        reasons: is_wrong.then(|| List::from(vec![wrong])),
        note: note(&samples),
        ..blank(metric, sampled.time, Params { output_correct: sampled.correct, ..params })
    }
}

/// Makes a measurement of one figure that is no median of samples: a slowest hundredth, a loss.
pub(crate) fn figure(metric: &str, value: f64, time: Duration, params: Params) -> Measurement {
    Measurement { value: Real::new(value), ..blank(metric, time, params) }
}

/// A measurement that still lacks its figure.
fn blank(metric: &str, time: Duration, params: Params) -> Measurement {
    let metric = MetricId::new(metric).expect("our own ids have the form of one");
    let definition = metric.definition();
    Measurement {
        unit: definition.map(|definition| Name::lossy(definition.unit)),
        direction: definition.map(|definition| definition.direction),
        value: None,
        samples: None,
        spread: None,
        ci_low: None,
        ci_high: None,
        params: Some(Params { duration_s: Quantity::new(time.as_secs_f64()), ..params }),
        test_version: Some(Whole::from(1_u32)),
        verdict: None,
        reasons: None,
        note: None,
        metric,
    }
}

/// Names the samples that lie far from the others; of many, how many there are.
fn note(samples: &[f64]) -> Option<Prose> {
    const NAMED: usize = 8;
    let outliers = stats::outliers(samples, GOOD_ENOUGH);
    let which = match outliers.len() {
        0 => return None,
        1..=NAMED => {
            let places: Vec<String> = outliers.iter().map(|index| (index + 1).to_string()).collect();
            format!("sample {}", places.join(", "))
        }
        count => format!("{count} samples"),
    };
    Some(Prose::lossy(&format!("outliers, kept in the median: {which} of {}", samples.len())))
}

/// Threads or memory could not be had: the test failed, and is told as missing with what would help.
pub(crate) fn refused(metric: &str, error: &io::Error) -> Line {
    let (reason, advice) = match error.kind() {
        io::ErrorKind::OutOfMemory => ("no_memory", "free memory, or raise the limit on it (ulimit -v)"),
        _ => ("no_thread", "raise the limit on threads (ulimit -u)"),
    };
    Line::Failed(Missing::new(metric, reason, Some(&format!("{advice}: {error}"))))
}

/// How many threads worked.
pub(crate) fn threads(count: usize) -> Option<Whole> {
    Whole::new(count as u64)
}
