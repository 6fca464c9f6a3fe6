//! The processor's tests: six of different nature, on one thread and on all.

mod deflate;
mod integer;
mod matrix;
mod prime;
mod sha256;
mod sort;
mod task;
mod text;

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use report::measurement::Params;
use report::number::Quantity;
use report::text::Name;

use super::super::clock::{self, Clock, Monotonic};
use super::super::plan::ComponentPlan;
use super::super::processors::{self, Place};
use super::super::protocol::{Line, Sink};
use super::super::sampler::{Limits, Sampled};
use super::super::team::Team;
use super::{measurement, refused, threads};
use crate::probe::Root;
use report::stats;
use task::{Runs, Task};

/// A piece of work between two looks at the clock lasts at least so many of the clock's steps, and so long.
const STEPS_PER_PIECE: u32 = 200;
const SHORTEST_PIECE: Duration = Duration::from_micros(100);

/// One kind of work.
struct Kind {
    /// The metric's id without `_single` and `_multi`.
    metric: &'static str,
    /// What the metric counts, done by one run.
    per_run: f64,
    /// Prepares the work of one thread.
    prepare: fn() -> Box<dyn Task>,
    /// Widest instruction set that it uses here.
    instruction_set: fn() -> Option<&'static str>,
}

const KINDS: [&Kind; 6] =
    [&prime::KIND, &integer::KIND, &sha256::KIND, &deflate::KIND, &matrix::KIND, &sort::KIND];

/// Measures the processor.
pub(crate) fn run(plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    let all = processors::all();
    let classes = processors::one_of_each_class(&Root::system(), &all);
    run_on(plan, &classes, &all, sink)
}

fn run_on(
    plan: &ComponentPlan,
    classes: &[(Option<String>, Place)],
    all: &[Place],
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let end = Instant::now() + plan.budget;
    let named = |ending: &'static str| KINDS.map(|kind| (kind, format!("{}_{ending}", kind.metric)));
    let single = named("single").into_iter().map(|(kind, metric)| (kind, metric, None));
    let multi = named("multi").into_iter().map(|(kind, metric)| (kind, metric, Some(all)));
    let steps: Vec<_> = single.chain(multi).filter(|(_, metric, _)| plan.wants(metric)).collect();
    for (index, (kind, metric, places)) in steps.iter().enumerate() {
        sink.say(Line::Progress(metric.clone()))?;
        let left = end.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(steps.len() - index).unwrap_or(u32::MAX);
        let params = Params {
            threads: threads(places.map_or(1, <[Place]>::len)),
            instruction_set: (kind.instruction_set)().map(Name::lossy),
            ..Params::default()
        };
        let found = match places {
            Some(places) => sample(kind, places, share).map(|sampled| (sampled, params)),
            None => sample_classes(kind, classes, share, params),
        };
        sink.say(match found {
            Ok((sampled, params)) => {
                let per_run = kind.per_run;
                Line::Measurement(Box::new(measurement(metric, &sampled, |rate| rate * per_run, params)))
            }
            Err(error) => refused(metric, &error),
        })?;
    }
    Ok(())
}

/// One thread on each class of cores in turn: the fastest one's figure counts, the others stand beside it.
fn sample_classes(
    kind: &Kind,
    classes: &[(Option<String>, Place)],
    share: Duration,
    mut params: Params,
) -> io::Result<(Sampled, Params)> {
    let each = share / u32::try_from(classes.len()).unwrap_or(u32::MAX).max(1);
    let mut fastest: Option<(f64, Sampled)> = None;
    let mut by_class = BTreeMap::new();
    let mut correct = true;
    for (name, place) in classes {
        let sampled = sample(kind, &[*place], each)?;
        correct &= sampled.correct != Some(false);
        let median = stats::summarise(&sampled.rates).map_or(0.0, |summary| summary.median);
        if let (Some(name), Some(figure)) = (name, Quantity::new(median * kind.per_run)) {
            by_class.insert(name.clone(), figure);
        }
        if fastest.as_ref().is_none_or(|(best, _)| median > *best) {
            fastest = Some((median, sampled));
        }
    }
    let (_, sampled) = fastest.ok_or(io::ErrorKind::NotFound)?;
    params.by_core_class = (!by_class.is_empty()).then_some(by_class);
    Ok((Sampled { correct: Some(correct), ..sampled }, params))
}

fn sample(kind: &Kind, places: &[Place], share: Duration) -> io::Result<Sampled> {
    let clock = Monotonic::start();
    let limits = Limits::of(share);
    let shortest = (clock::step(&clock) * STEPS_PER_PIECE).max(SHORTEST_PIECE).min(limits.window);
    let prepare = kind.prepare;
    let team = Team::start(places, move || Runs::tuned(prepare(), &Monotonic::start(), shortest))?;
    Ok(team.sampled(Limits { cap: share.saturating_sub(clock.now()), ..limits }))
}

#[cfg(test)]
mod tests {
    use report::Preset;
    use report::measurement::Measurement;

    use super::*;

    fn measured(plan: &ComponentPlan, classes: &[(Option<String>, Place)]) -> Vec<Measurement> {
        let mut lines = Vec::new();
        run_on(plan, classes, &processors::all(), &mut lines).unwrap();
        let measured = lines.into_iter().filter_map(|line| match line {
            Line::Measurement(measurement) => Some(*measurement),
            _ => None,
        });
        measured.collect()
    }

    #[test]
    fn every_test_has_metrics_in_the_catalogue() {
        for kind in KINDS {
            for ending in ["single", "multi"] {
                let id = report::MetricId::new(&format!("{}_{ending}", kind.metric)).unwrap();
                assert!(id.definition().is_some(), "{id}");
            }
        }
    }

    #[test]
    fn every_task_has_its_right_output_again_and_again() {
        for kind in KINDS {
            let mut task = (kind.prepare)();
            assert!(!task.right(), "{}: nothing is done yet", kind.metric);
            for _ in 0..2 {
                task.run();
                assert!(task.right(), "{}", kind.metric);
            }
        }
    }

    #[test]
    fn a_short_budget_yields_every_metric_once() {
        let plan = ComponentPlan::new(Preset::Short, Duration::from_millis(1200));
        let found = measured(&plan, &[(None, None)]);
        assert_eq!(found.len(), 12);
        for measurement in found {
            assert!(measurement.value.is_some_and(|value| value.get() > 0.0), "{measurement:?}");
            assert_eq!(measurement.params.unwrap().by_core_class, None);
        }
    }

    #[test]
    fn the_fastest_class_gives_the_figure_and_the_others_stand_beside_it() {
        let plan = ComponentPlan {
            only: Some("cpu.events_per_sec_single".to_owned()),
            ..ComponentPlan::new(Preset::Short, Duration::from_millis(200))
        };
        let classes = ["performance", "efficiency"].map(|name| (Some(name.to_owned()), None));
        let found = measured(&plan, &classes);
        let by_class = found[0].params.clone().unwrap().by_core_class.unwrap();
        let best = by_class.values().map(|figure| figure.get()).fold(0.0, f64::max);
        assert_eq!((found.len(), by_class.len()), (1, 2));
        assert_eq!(found[0].value.unwrap().get(), best);
    }

    struct Broken;

    impl Task for Broken {
        fn run(&mut self) {}

        fn right(&self) -> bool {
            false
        }
    }

    #[test]
    fn a_wrong_output_is_told_and_has_no_figure() {
        let broken = Kind { prepare: || Box::new(Broken), ..*KINDS[0] };
        let sampled = sample(&broken, &[None], Duration::from_millis(50)).unwrap();
        let made = measurement("cpu.events_per_sec_single", &sampled, |rate| rate, Params::default());
        assert_eq!(made.value, None);
        assert_eq!(made.reasons.unwrap()[0].code.as_str(), "wrong_result");
    }
}
