//! The run: gate, then every component in its process under the watch's eyes.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use report::Component;
use report::environment::Environment;
use report::measurement::Measurement;
use report::missing::Missing;
use report::number::Whole;

use super::budget::{self, Allowance};
use super::child::{self, ChildError, Heard};
use super::gate::{self, Gate};
use super::plan::{ComponentPlan, MeasurePlan};
use super::protocol::Line;
use super::watch::Watcher;
use crate::probe::Root;

/// Less time than this is not worth starting a component for.
const WORTH_STARTING: Duration = Duration::from_millis(500);

/// Where the run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub stage: Stage,
    /// The test, in words; empty if there is nothing to add to the stage.
    pub test: String,
    /// Time since the run began.
    pub elapsed: Duration,
    /// Time that the rest may take at most.
    pub left: Duration,
}

/// A stage of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waiting for a quiet machine.
    Gate,
    /// Measuring a component.
    Component(Component),
    /// Nothing is left to do.
    Finished,
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Every metric.
    pub measurements: Vec<Measurement>,
    /// The conditions, and the evidence that the watch collected.
    pub environment: Environment,
    /// What could not be measured.
    pub missing: Vec<Missing>,
    /// Components that failed or ran out of time; they stand in `missing` too.
    pub failures: Vec<Failure>,
    /// The machine was busy and the plan said to stay away: nothing was measured.
    pub stayed_away: bool,
}

/// A component that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which.
    pub component: Component,
    /// `crashed`, `timed_out` …
    pub reason: String,
    /// What happened, in words.
    pub detail: String,
}

/// Measures what the plan names and never longer than its deadline.
pub fn measure(plan: &MeasurePlan, progress: &mut dyn FnMut(Progress)) -> Measured {
    let mut run = Run {
        plan,
        progress,
        watcher: Watcher::start(Root::system()),
        begun: Instant::now(),
        measured: Measured::default(),
        sent: 0,
        written: 0,
    };
    let gate = run.gate();
    if gate.busy && plan.if_idle {
        run.measured.stayed_away = true;
        return run.finish(gate);
    }
    run.measured.environment.before = Some(run.watcher.now());
    for (index, component) in plan.components.iter().enumerate() {
        run.component(*component, &plan.components[index + 1..]);
    }
    run.finish(gate)
}

struct Run<'a> {
    plan: &'a MeasurePlan,
    progress: &'a mut dyn FnMut(Progress),
    watcher: Watcher,
    begun: Instant,
    measured: Measured,
    sent: u64,
    written: u64,
}

impl Run<'_> {
    /// A component that has what it needs to be measured.
    fn applies(&self, component: Component) -> bool {
        component != Component::Network || self.plan.server.is_some() || self.plan.iperf_server.is_some()
    }

    fn gate(&mut self) -> Gate {
        if !self.plan.components.iter().any(|component| self.applies(*component)) {
            return Gate::default();
        }
        let left = self.plan.deadline.saturating_duration_since(Instant::now());
        let later: Duration = self.limits(&self.plan.components);
        let most = budget::gate(self.plan.preset).min(left);
        let begun = self.begun;
        gate::wait(&Root::system(), most, &mut |pause| {
            let paused = Instant::now();
            (self.progress)(Progress {
                stage: Stage::Gate,
                test: String::new(),
                elapsed: begun.elapsed(),
                left: most.saturating_sub(begun.elapsed()) + later,
            });
            thread::sleep(pause);
            paused.elapsed()
        })
    }

    /// Time that these components may take at most.
    fn limits(&self, components: &[Component]) -> Duration {
        components.iter().map(|component| budget::component(self.plan.preset, *component).limit).sum()
    }

    fn component(&mut self, component: Component, later: &[Component]) {
        if !self.applies(component) {
            let advice = "name the server with --server URL and the token in API_TOKEN";
            return self.miss(component, "no_server", Some(advice));
        }
        let share = budget::component(self.plan.preset, component);
        let left = self.plan.deadline.saturating_duration_since(Instant::now());
        let limit = share.limit.min(left);
        if limit < WORTH_STARTING {
            return self.miss(component, "no_time", Some("a longer preset leaves time for it"));
        }
        let share = Allowance { planned: share.planned.min(limit.mul_f64(0.9)), limit };
        let later = self.limits(later);
        self.watcher.begin();
        let ended = self.child(component, share, later);
        let watch = self.watcher.end();
        self.measured.environment.components.get_or_insert_default().insert(component, watch);
        if let Err(error) = ended {
            self.fail(component, &error);
        }
    }

    fn child(&mut self, component: Component, share: Allowance, later: Duration) -> Result<(), ChildError> {
        let program = program(self.plan).map_err(ChildError::NotStarted)?;
        let plan = self.component_plan(share.planned);
        let end = Instant::now() + share.limit;
        let mut test = String::new();
        child::run(&program, component, &plan, share.limit, &mut |heard| {
            match heard {
                Heard::Line(Line::Progress(text)) => {
                    self.watcher.test(&text);
                    test = text;
                }
                Heard::Line(line) => self.take(component, line),
                Heard::Tick => {}
            }
            let left = end.saturating_duration_since(Instant::now()) + later;
            (self.progress)(Progress {
                stage: Stage::Component(component),
                test: test.clone(),
                elapsed: self.begun.elapsed(),
                left,
            });
        })
    }

    fn component_plan(&self, budget: Duration) -> ComponentPlan {
        ComponentPlan {
            disk_paths: self.plan.disk_paths.clone(),
            server: self.plan.server.clone(),
            full_network: self.plan.full_network,
            iperf_server: self.plan.iperf_server.clone(),
            ..ComponentPlan::new(self.plan.preset, budget)
        }
    }

    fn take(&mut self, component: Component, line: Line) {
        match line {
            Line::Measurement(measurement) => self.measured.measurements.push(*measurement),
            Line::Missing(missing) => self.measured.missing.push(missing),
            Line::Failed(missing) => {
                let detail = missing.advice.as_ref().map_or(missing.path.as_str(), |advice| advice.as_str());
                let failure =
                    Failure { component, reason: missing.reason.to_string(), detail: detail.to_owned() };
                self.measured.failures.push(failure);
                self.measured.missing.push(missing);
            }
            Line::Written(bytes) => self.written += bytes,
            Line::Sent(bytes) => self.sent += bytes,
            Line::Progress(_) | Line::Done(_) => {}
        }
    }

    fn fail(&mut self, component: Component, error: &ChildError) {
        self.miss(component, error.reason(), Some(&error.to_string()));
        let failure = Failure { component, reason: error.reason().to_owned(), detail: error.to_string() };
        self.measured.failures.push(failure);
    }

    fn miss(&mut self, component: Component, reason: &str, advice: Option<&str>) {
        self.measured.missing.push(Missing::new(&format!("results.{component}"), reason, advice));
    }

    fn finish(mut self, gate: Gate) -> Measured {
        (self.progress)(Progress {
            stage: Stage::Finished,
            test: String::new(),
            elapsed: self.begun.elapsed(),
            left: Duration::ZERO,
        });
        let environment = &mut self.measured.environment;
        for watch in environment.components.iter_mut().flat_map(|components| components.values_mut()) {
            watch.gate_timed_out = Some(gate.busy);
        }
        environment.during = Some(self.watcher.during());
        environment.after = Some(self.watcher.now());
        environment.bytes_sent = Whole::new(self.sent);
        environment.bytes_written = Whole::new(self.written);
        self.measured
    }
}

fn program(plan: &MeasurePlan) -> io::Result<PathBuf> {
    match &plan.program {
        Some(program) => Ok(program.clone()),
        // The running file itself, even if its name is gone by now.
        None if Path::new("/proc/self/exe").exists() => Ok(PathBuf::from("/proc/self/exe")),
        None => env::current_exe(),
    }
}
