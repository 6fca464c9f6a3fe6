//! Nanoseconds per access: in a buffer that no cache holds, and by buffer size.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use report::number::Quantity;

use super::super::super::protocol::{Line, Sink};
use super::super::super::sampler::{Limits, Sampled};
use super::super::super::stats;
use super::super::super::team::Team;
use super::super::{measurement, no_thread};
use super::chase::{Chase, ladder};
use super::sizes::Machine;
use super::{left, noted, params};

pub(super) const METRIC: &str = "memory.latency_ns";

/// The largest buffer gets at least so long, whatever it took to fill it.
const LEAST_FOR_LARGEST: Duration = Duration::from_millis(100);
/// And each of the others.
const LEAST: Duration = Duration::from_millis(5);

/// Measures until `end`, or a little longer where memory comes slowly.
pub(super) fn run(machine: &Machine, end: Instant, sink: &mut dyn Sink) -> io::Result<()> {
    sink.say(Line::Progress(METRIC.to_owned()))?;
    let line = measure(machine, end).unwrap_or_else(|error| no_thread(METRIC, &error));
    sink.say(line)
}

/// The largest buffer is the figure: it comes first and gets most of the time.
fn measure(machine: &Machine, end: Instant) -> io::Result<Line> {
    let latest = Instant::now() + left(end) / 3;
    let (largest, sampled) =
        chased(machine, machine.chase, latest, || (left(end) * 3 / 4).max(LEAST_FOR_LARGEST))?;
    let mut by_size = BTreeMap::from_iter(entry(largest, &sampled));
    for (index, bytes) in ladder(largest).into_iter().enumerate().rev() {
        let share = || (left(end) / u32::try_from(index + 1).unwrap_or(1)).max(LEAST);
        let (bytes, sampled) = chased(machine, bytes, end, share)?;
        by_size.extend(entry(bytes, &sampled));
    }
    let mut params = params(largest, machine.single_cache, 1);
    params.latency_by_size_kib = Some(by_size);
    let measured = measurement(METRIC, &sampled, |rate| 1e9 / rate, params);
    Ok(Line::Measurement(Box::new(noted(measured, largest, machine.chase))))
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
    let sampled = team.sampled(Limits::of(share()));
    let correct = team.together(|chase| chase.is_on_its_way()).into_iter().all(|right| right);
    Ok((bytes, Sampled { correct, ..sampled }))
}

/// A point of the curve: size in KiB, and nanoseconds.
fn entry(bytes: u64, sampled: &Sampled) -> Option<(String, Quantity)> {
    let rate = stats::summarise(&sampled.rates)?.median;
    Some(((bytes / 1024).to_string(), Quantity::new(1e9 / rate)?))
}
