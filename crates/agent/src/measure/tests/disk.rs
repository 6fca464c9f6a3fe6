//! The disk's tests: sequential and random transfers, and the latency of a small durable write.

mod cached;
mod engine;
mod latency;
mod layout;
mod pattern;
mod target;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use report::measurement::{Measurement, Params};
use report::missing::Missing;
use report::number::Whole;
use report::stats::p99;
use report::text::{Name, Prose};

use super::super::plan::ComponentPlan;
use super::super::protocol::{Line, Sink};
use super::super::sampler::{FEWEST, Limits, Sampled, is_enough};
use super::{figure, measurement};
use crate::arch::uring::{Block, Ring, Transfer};
use crate::probe::Root;
use cached::Before;
use engine::{Engine, Job};
use pattern::Order;
pub(crate) use target::{Target, preset_bytes};

/// Where the test goes when it is not told, in this order.
const DEFAULT_FOLDERS: [&str; 2] = [".", "/var/tmp"];
/// Laying out takes no longer than this in a short run, and no more than a part of the time in any.
const LAYOUT: Duration = Duration::from_secs(3);
/// Requests in flight of the sequential tests: enough to keep a fast drive busy.
const SEQUENTIAL_DEPTH: u32 = 8;
/// Of the random tests at depth.
const RANDOM_DEPTH: u32 = 32;
const SMALL: usize = 4096;
const LARGE: usize = 1 << 20;

/// A test of throughput.
struct Test {
    metric: &'static str,
    transfer: Transfer,
    order: Order,
    block_bytes: usize,
    depth: u32,
}

const fn test(
    metric: &'static str,
    transfer: Transfer,
    order: Order,
    (block_bytes, depth): (usize, u32),
) -> Test {
    Test { metric, transfer, order, block_bytes, depth }
}

/// Reads come first: a drive is busy for a while with what was written to it.
const TESTS: [Test; 6] = [
    test("disk.read_mb_s", Transfer::Read, Order::Sequential, (LARGE, SEQUENTIAL_DEPTH)),
    test("disk.iops_read", Transfer::Read, Order::Random, (SMALL, RANDOM_DEPTH)),
    test("disk.iops_read_qd1", Transfer::Read, Order::Random, (SMALL, 1)),
    test("disk.write_mb_s", Transfer::Write, Order::Sequential, (LARGE, SEQUENTIAL_DEPTH)),
    test("disk.iops_write", Transfer::Write, Order::Random, (SMALL, RANDOM_DEPTH)),
    test("disk.iops_write_qd1", Transfer::Write, Order::Random, (SMALL, 1)),
];
const LATENCY: [&str; 2] = ["disk.latency_ms", "disk.latency_p99_ms"];

impl Test {
    /// Bytes that it may write: a drive does not last for ever.
    fn most_bytes(&self, file_bytes: u64) -> u64 {
        match (self.transfer, self.order) {
            (Transfer::Read, _) => u64::MAX,
            (Transfer::Write, Order::Sequential) => 4 * file_bytes,
            (Transfer::Write, Order::Random) => 2 * file_bytes,
        }
    }

    fn scale(&self, requests: f64) -> f64 {
        match self.order {
            Order::Sequential => requests * self.block_bytes as f64 / 1e6,
            Order::Random => requests,
        }
    }
}

/// Measures the disk under each folder; the first one has half of the time, for it makes the score.
pub(crate) fn run(plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    let end = Instant::now() + plan.budget;
    let folders = folders(plan);
    let others = u32::try_from(folders.len()).unwrap_or(u32::MAX).saturating_sub(1);
    for (index, folder) in (0..).zip(&folders) {
        let left = end.saturating_duration_since(Instant::now());
        let share = match index {
            0 if others > 0 => left / 2,
            _ => left / (others + 1 - index),
        };
        let wanted = plan.disk.file_bytes.unwrap_or(preset_bytes(plan.preset));
        match Target::open(folder, wanted) {
            Ok(target) => Session::new(plan, target, index > 0, share).run(sink)?,
            Err(error) => {
                let advice = format!("{error}; name another folder with --disk-path");
                sink.say(Line::Failed(Missing::new("results.disk", error.reason(), Some(&advice))))?;
            }
        }
    }
    Ok(())
}

/// Those of the plan, else the first default one that can be written.
fn folders(plan: &ComponentPlan) -> Vec<PathBuf> {
    if !plan.disk_paths.is_empty() {
        return plan.disk_paths.clone();
    }
    let [first, second] = DEFAULT_FOLDERS.map(PathBuf::from);
    vec![if Target::open(&first, 0).is_ok() { first } else { second }]
}

/// One folder's measurement.
struct Session<'a> {
    plan: &'a ComponentPlan,
    target: Target,
    /// Not the first folder, which makes the score.
    extra: bool,
    with_ring: bool,
    share: Duration,
    end: Instant,
    wanted_bytes: u64,
    /// Bytes per second while the file was laid out.
    speed: f64,
}

impl<'a> Session<'a> {
    fn new(plan: &'a ComponentPlan, target: Target, extra: bool, share: Duration) -> Self {
        let ring = |target: &Target| {
            let file = target.file.try_clone()?;
            Ring::new(file, vec![Block::new(SMALL)])
        };
        let with_ring = !plan.disk.without_io_uring && ring(&target).is_ok();
        let (end, wanted_bytes) = (Instant::now() + share, target.bytes);
        Self { plan, target, extra, with_ring, share, end, wanted_bytes, speed: f64::INFINITY }
    }

    fn run(mut self, sink: &mut dyn Sink) -> io::Result<()> {
        let plan = self.plan;
        let tests: Vec<&Test> = TESTS.iter().filter(|test| plan.wants(test.metric)).collect();
        let latency = LATENCY.iter().any(|metric| plan.wants(metric));
        sink.say(Line::Progress("disk: layout".to_owned()))?;
        let time = self.layout_time();
        match layout::lay_out(&mut self.target, self.with_ring, time) {
            Ok(laid) => {
                self.speed = laid.speed;
                sink.say(Line::Written(laid.written))?;
            }
            Err(error) => return self.failed("results.disk", &error, sink),
        }
        let mut left = u32::try_from(tests.len()).unwrap_or(u32::MAX) + u32::from(latency);
        for (index, test) in (0..).zip(tests) {
            if index > 0 && Instant::now() >= self.end {
                left -= 1;
                self.no_time(test.metric, sink)?;
                continue;
            }
            let share = self.end.saturating_duration_since(Instant::now()) / left;
            left -= 1;
            sink.say(Line::Progress(test.metric.to_owned()))?;
            match self.throughput(test, share, sink)? {
                Ok(measured) => sink.say(Line::Measurement(Box::new(measured)))?,
                Err(error) => self.failed(test.metric, &error, sink)?,
            }
        }
        if latency {
            sink.say(Line::Progress(LATENCY[0].to_owned()))?;
            self.latency(sink)?;
        }
        Ok(())
    }

    fn layout_time(&self) -> Duration {
        let part = match self.plan.preset {
            report::Preset::Short => (self.share * 2 / 3).min(LAYOUT),
            report::Preset::Normal | report::Preset::Thorough => self.share / 3,
        };
        part.max(Duration::from_millis(1))
    }

    /// One test of throughput; the outer error is that nobody listens.
    fn throughput(
        &self,
        test: &Test,
        share: Duration,
        sink: &mut dyn Sink,
    ) -> io::Result<io::Result<Measurement>> {
        let job = self.job(test, share);
        let before = Before::look(Root::system(), &self.target.place);
        let (sampled, requests) = match sample(&self.target, job, self.with_ring, (share, test)) {
            Ok(sampled) => sampled,
            Err(error) => return Ok(Err(error)),
        };
        let bytes = requests * test.block_bytes as u64;
        let mut params = self.params(test.block_bytes, job.depth, self.engine());
        match test.transfer {
            Transfer::Read => params.cached_reads = before.cached(bytes),
            Transfer::Write => sink.say(Line::Written(bytes))?,
        }
        let measured = measurement(test.metric, &sampled, |rate| test.scale(rate), params);
        Ok(Ok(self.noted(measured)))
    }

    fn no_time(&self, metric: &str, sink: &mut dyn Sink) -> io::Result<()> {
        let advice = format!("{} is slow; a longer preset has time for it", self.target.folder.display());
        sink.say(Line::Missing(Missing::new(metric, "no_time", Some(&advice))))
    }

    /// A slow drive has no time for many large requests at once: they would take the time of all tests.
    fn sequential_depth(&self, share: Duration) -> u32 {
        let fits = self.speed * share.as_secs_f64() / 10.0 / LARGE as f64;
        (fits as u32).clamp(1, SEQUENTIAL_DEPTH)
    }

    fn job(&self, test: &Test, share: Duration) -> Job {
        let Test { transfer, order, block_bytes, depth, .. } = *test;
        let tuned = match order {
            Order::Sequential => Some(self.sequential_depth(share)),
            Order::Random => self.plan.disk.queue_depth.filter(|_| depth == RANDOM_DEPTH),
        };
        Job {
            transfer,
            order,
            block_bytes,
            depth: tuned.unwrap_or(depth).clamp(1, 4096),
            file_bytes: self.target.bytes,
            buffered: !self.target.direct,
        }
    }

    fn latency(&self, sink: &mut dyn Sink) -> io::Result<()> {
        let cap = self.end.saturating_duration_since(Instant::now());
        let begun = Instant::now();
        let seconds = match latency::durable_writes(&self.target.file, self.target.bytes, cap) {
            Ok(seconds) => seconds,
            Err(error) => return self.failed(LATENCY[0], &error, sink),
        };
        let time = begun.elapsed();
        sink.say(Line::Written((seconds.len() as u64 + 1) * latency::BLOCK as u64))?;
        let params = || self.params(latency::BLOCK, 1, "pread");
        if self.plan.wants(LATENCY[0]) {
            let rates = seconds.iter().map(|seconds| 1.0 / seconds).collect();
            let sampled = Sampled { rates, time, correct: Some(true) };
            let measured = measurement(LATENCY[0], &sampled, |rate| 1e3 / rate, params());
            sink.say(Line::Measurement(Box::new(self.noted(measured))))?;
        }
        if !self.plan.wants(LATENCY[1]) {
            return Ok(());
        }
        match p99(&seconds) {
            Some(slow) => {
                let measured = figure(LATENCY[1], slow * 1e3, time, params());
                sink.say(Line::Measurement(Box::new(self.noted(measured))))
            }
            None => {
                let advice =
                    format!("{} writes in the time there was; a longer preset has more", seconds.len());
                sink.say(Line::Missing(Missing::new(LATENCY[1], "few_samples", Some(&advice))))
            }
        }
    }

    fn engine(&self) -> &'static str {
        if self.with_ring { "io_uring" } else { "pread" }
    }

    fn params(&self, block_bytes: usize, depth: u32, engine: &str) -> Params {
        let place = &self.target.place;
        Params {
            path: self.target.folder.to_str().map(Prose::lossy),
            extra_path: self.extra.then_some(true),
            fs_type: place.fs_type.as_deref().map(Name::lossy),
            device: place.device.as_deref().map(Name::lossy),
            compressed: place.compressed,
            encrypted: place.encrypted,
            engine: Some(Name::lossy(engine)),
            direct: Some(self.target.direct),
            queue_depth: Some(Whole::from(depth)),
            block_bytes: Whole::new(block_bytes as u64),
            file_bytes: Whole::new(self.target.bytes),
            space_short: Some(self.target.space_short),
            ..Params::default()
        }
    }

    /// A slow drive had no time for the whole file: the figure says so.
    fn noted(&self, mut measured: Measurement) -> Measurement {
        let (bytes, wanted) = (self.target.bytes >> 20, self.wanted_bytes >> 20);
        if bytes < wanted && !self.target.space_short {
            let note = format!("{bytes} of {wanted} MiB could be laid out in the time there was");
            let note = measured.note.map_or(note.clone(), |before| format!("{before}; {note}"));
            measured.note = Some(Prose::lossy(&note));
        }
        measured
    }

    fn failed(&self, path: &str, error: &io::Error, sink: &mut dyn Sink) -> io::Result<()> {
        let folder = self.target.folder.display();
        let (reason, advice) = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ("no_space", format!("{folder} has no space for the test file"))
            }
            io::ErrorKind::FileTooLarge => {
                ("no_space", format!("{folder}: {error}; allow larger files (ulimit -f unlimited)"))
            }
            _ => ("io_error", format!("{folder}: {error}; look for a failing drive in the kernel log")),
        };
        sink.say(Line::Failed(Missing::new(path, reason, Some(&advice))))
    }
}

/// Samples until they are enough, by the one budget rule, or until the test has written what it may. What is
/// still under way when the last sample ends takes its time too: on a slow drive a large part of the share.
fn sample(
    target: &Target,
    job: Job,
    with_ring: bool,
    (share, test): (Duration, &Test),
) -> io::Result<(Sampled, u64)> {
    let limits = Limits::of(share);
    let most = test.most_bytes(job.file_bytes) / job.block_bytes as u64;
    // One lap warms up, and six are wanted.
    let most_per_lap = (most / (FEWEST as u64 + 2)).max(u64::from(job.depth));
    let begun = Instant::now();
    let mut engine = Engine::new(&target.file, job, with_ring)?;
    let mut rates = Vec::new();
    let mut lap = engine.lap(limits.window, most_per_lap)?;
    let mut requests = lap.requests;
    // Where the warm-up has taken all the time, it is the one sample that there is.
    let mut last = begun.elapsed();
    if begun.elapsed() + last + engine.rest(lap) > limits.cap {
        rates.push(lap.rate());
    } else {
        loop {
            let lap_begun = Instant::now();
            lap = engine.lap(limits.window, most_per_lap)?;
            last = lap_begun.elapsed();
            requests += lap.requests;
            rates.push(lap.rate());
            let worn = rates.len() >= FEWEST && requests >= most;
            if worn || is_enough(&rates, begun.elapsed() + engine.rest(lap), last, limits.cap) {
                break;
            }
        }
    }
    let time = begun.elapsed();
    requests += engine.finish()?;
    Ok((Sampled { rates, time, correct: Some(engine.correct) }, requests))
}

#[cfg(test)]
#[path = "disk/tests.rs"]
mod tests;
