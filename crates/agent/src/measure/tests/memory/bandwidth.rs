//! STREAM's kernels, on all threads and on one.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use report::measurement::Params;

use super::super::super::plan::ComponentPlan;
use super::super::super::protocol::{Line, Sink};
use super::super::super::sampler::{Limits, Sampled};
use super::super::super::team::Team;
use super::super::{measurement, refused};
use super::sizes::Machine;
use super::stream::{Kernel, Part, Walk};
use super::{left, noted, params};

const MIB: f64 = 1024.0 * 1024.0;

type Step = (Kernel, &'static str);

const ALL_THREADS: [Step; 4] = [
    (Kernel::Triad, "memory.throughput_mib_s"),
    (Kernel::Copy, "memory.copy_mib_s_multi"),
    (Kernel::Scale, "memory.scale_mib_s_multi"),
    (Kernel::Add, "memory.add_mib_s_multi"),
];

const ONE_THREAD: [Step; 4] = [
    (Kernel::Triad, "memory.triad_mib_s_single"),
    (Kernel::Copy, "memory.copy_mib_s_single"),
    (Kernel::Scale, "memory.scale_mib_s_single"),
    (Kernel::Add, "memory.add_mib_s_single"),
];

/// Measures until `end`. All threads come first: together they touch the memory soonest, and the parts that are
/// near serve the one thread then.
pub(super) fn run(
    plan: &ComponentPlan,
    machine: &Machine,
    end: Instant,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let wanted = |steps: [Step; 4]| steps.into_iter().filter(|(_, metric)| plan.wants(metric)).collect();
    let (all, one): (Vec<Step>, Vec<Step>) = (wanted(ALL_THREADS), wanted(ONE_THREAD));
    if all.is_empty() && one.is_empty() {
        return Ok(());
    }
    sink.say(Line::Progress("memory".to_owned()))?;
    let team = match fill(machine, end) {
        Ok(team) => team,
        Err(error) => return miss(&[all, one].concat(), &error, sink),
    };
    let params = |walks: &Team<Walk>, cache| {
        params(walks.together(|walk| walk.bytes()).into_iter().sum(), cache, walks.len())
    };
    let mut rest = Rest { end, steps: all.len() + one.len(), wanted: machine.array };
    rest.measure(&all, &team, &params(&team, machine.cache), sink)?;
    let parts = team.together(Walk::take_parts);
    drop(team);
    let near = parts.into_iter().zip(&machine.near).filter(|(_, near)| **near);
    let parts: Vec<Part> = near.flat_map(|(parts, _)| parts).collect();
    rest.wanted = rest.wanted / machine.places.len() as u64 * parts.len() as u64;
    let parts = Mutex::new(parts);
    let take = move || std::mem::take(&mut *parts.lock().unwrap_or_else(PoisonError::into_inner));
    match Team::start(&[machine.single], move || Walk::through(take())) {
        Ok(team) => rest.measure(&one, &team, &params(&team, machine.single_cache), sink),
        Err(error) => miss(&one, &error, sink),
    }
}

/// Every thread touches its part, for a third of the time at most.
fn fill(machine: &Machine, end: Instant) -> io::Result<Team<Walk>> {
    let latest = Instant::now() + left(end) / 3;
    let each = machine.array / size_of::<f64>() as u64 / (machine.places.len() as u64).max(1);
    let elements = usize::try_from(each).unwrap_or(usize::MAX).max(1);
    let team = Team::start(&machine.places, move || Walk::through(vec![Part::touched(elements, latest)]))?;
    if team.together(|walk| walk.bytes()).contains(&0) {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    Ok(team)
}

fn miss(steps: &[Step], error: &io::Error, sink: &mut dyn Sink) -> io::Result<()> {
    steps.iter().try_for_each(|(_, metric)| sink.say(refused(metric, error)))
}

/// What is still to be done, and until when.
struct Rest {
    end: Instant,
    steps: usize,
    /// Bytes that one array should have.
    wanted: u64,
}

impl Rest {
    fn measure(
        &mut self,
        steps: &[Step],
        team: &Team<Walk>,
        params: &Params,
        sink: &mut dyn Sink,
    ) -> io::Result<()> {
        let bytes = params.array_bytes.map_or(0, |bytes| bytes.get());
        for (kernel, metric) in steps {
            sink.say(Line::Progress((*metric).to_owned()))?;
            let share = left(self.end) / u32::try_from(self.steps).unwrap_or(1).max(1);
            self.steps -= 1;
            let kernel = *kernel;
            team.together(move |walk| walk.begin(kernel));
            let sampled = team.sampled(Limits::of(share));
            let correct = team.together(|walk| walk.is_sound()).into_iter().all(|sound| sound);
            let measured = measurement(
                metric,
                &Sampled { correct: Some(correct), ..sampled },
                |rate| rate / MIB,
                params.clone(),
            );
            sink.say(Line::Measurement(Box::new(noted(measured, bytes, self.wanted))))?;
        }
        Ok(())
    }
}
