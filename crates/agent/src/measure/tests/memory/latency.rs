//! Nanoseconds per access: in a buffer that no cache holds, and by buffer size.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use report::number::Quantity;

use super::super::super::protocol::{Line, Sink};
use super::super::super::sampler::{Limits, Sampled};
use super::super::super::team::Team;
use super::super::{measurement, refused};
use super::chase::{Chase, ladder};
use super::sizes::Machine;
use super::{left, noted, params};
use report::stats;

pub(super) const METRIC: &str = "memory.latency_ns";

/// The buffer that gives the figure gets at least so long, whatever it took to fill it.
const LEAST_FOR_LARGEST: Duration = Duration::from_millis(150);
/// And each of the others.
const LEAST: Duration = Duration::from_millis(5);

/// Measures until `end`, or a little longer where memory comes slowly.
pub(super) fn run(machine: &Machine, end: Instant, sink: &mut dyn Sink) -> io::Result<()> {
    sink.say(Line::Progress(METRIC.to_owned()))?;
    let line = measure(machine, end).unwrap_or_else(|error| refused(METRIC, &error));
    sink.say(line)
}

/// The largest buffer is the figure and gets most of the time; the others draw the curve.
fn measure(machine: &Machine, end: Instant) -> io::Result<Line> {
    let sizes = ladder(machine.chase);
    let each = left(end) / 4 / u32::try_from(sizes.len()).unwrap_or(1).max(1);
    let mut by_size = BTreeMap::new();
    for bytes in sizes {
        let (bytes, sampled) = chased(machine, bytes, end, || each.max(LEAST))?;
        by_size.extend(entry(bytes, &sampled));
    }
    let latest = Instant::now() + left(end) / 2;
    let (bytes, sampled) = chased(machine, machine.chase, latest, || left(end).max(LEAST_FOR_LARGEST))?;
    by_size.extend(entry(bytes, &sampled));
    let mut params = params(bytes, machine.single_cache, 1);
    params.latency_by_size_kib = Some(by_size);
    let measured = measurement(METRIC, &sampled, |rate| 1e9 / rate, params);
    Ok(Line::Measurement(Box::new(noted(measured, bytes, machine.chase))))
}

/// Chases through a buffer of so many bytes, or of those that are there at `latest`.
fn chased(
    machine: &Machine,
    bytes: u64,
    latest: Instant,
    share: impl Fn() -> Duration,
) -> io::Result<(u64, Sampled)> {
    let team = Team::start(&[machine.single], move || Chase::new(bytes, latest))?;
    let bytes = team.together(|chase| chase.bytes()).into_iter().sum();
    if bytes == 0 {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    let sampled = team.sampled(Limits::of(share()));
    let correct = team.together(|chase| chase.is_on_its_way()).into_iter().all(|right| right);
    Ok((bytes, Sampled { correct: Some(correct), ..sampled }))
}

/// A point of the curve: size in KiB, and nanoseconds.
fn entry(bytes: u64, sampled: &Sampled) -> Option<(String, Quantity)> {
    let rate = stats::summarise(&sampled.rates)?.median;
    Some(((bytes / 1024).to_string(), Quantity::new(1e9 / rate)?))
}
