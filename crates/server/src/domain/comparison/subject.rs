//! One that is compared: a device by its standing, or a benchmark.

use std::collections::BTreeMap;

use report::measurement::Verdict;
use report::{Component, MetricId, Preset, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::ComparedFigure;
use super::obstacles::Conditions;
use crate::domain::benchmark::{ComponentScore, FullBenchmark, ServedMeasurement};
use crate::domain::device::DeviceStanding;

/// What is compared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Compared {
    /// The device.
    pub device_id: i64,
    /// What that is called.
    pub device_name: String,
    /// The benchmarks that the figures come from.
    pub benchmarks: Vec<ComparedBenchmark>,
    /// The hardware.
    pub snapshot_id: Option<i64>,
    /// Scale of the scores.
    pub score_basis: Option<String>,
}

/// A benchmark that figures come from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComparedBenchmark {
    /// Its id.
    pub id: i64,
    /// When it was measured.
    pub effective_at: Timestamp,
    /// How long it could take.
    pub preset: Option<Preset>,
    /// Free text of whoever measured.
    pub label: Option<String>,
}

/// One that is compared, with all that its figures are taken from.
#[derive(Clone, Debug)]
pub struct Subject {
    pub(super) compared: Compared,
    global: Option<Score>,
    components: BTreeMap<Component, Score>,
    /// For each component the benchmark that its figures come from.
    sources: BTreeMap<Component, usize>,
    benchmarks: Vec<FullBenchmark>,
}

#[derive(Clone, Copy, Debug)]
struct Score {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    verdict: Verdict,
}

impl Score {
    /// Of a component, if it has one.
    fn of(score: &ComponentScore) -> Option<Self> {
        let ComponentScore { score, ci_low: low, ci_high: high, verdict, .. } = *score;
        Some(Self { value: score?, low, high, verdict })
    }
}

/// A figure with what decides whether it may be compared.
pub(super) struct Shown<'a> {
    pub(super) figure: ComparedFigure,
    pub(super) conditions: Conditions<'a>,
}

/// A measurement, and the benchmark that it is of.
pub(super) struct Measured<'a> {
    pub(super) benchmark: &'a FullBenchmark,
    pub(super) measurement: &'a ServedMeasurement,
}

impl Subject {
    /// A benchmark.
    pub fn of_benchmark(benchmark: FullBenchmark) -> Self {
        let one = &benchmark.benchmark;
        let verdict = one.verdict;
        let global =
            one.global_score.map(|value| Score { value, low: one.ci_low, high: one.ci_high, verdict });
        let scores =
            one.components.iter().filter_map(|(component, score)| Some((*component, Score::of(score)?)));
        let compared = Compared {
            device_id: one.device_id,
            device_name: one.device_name.clone(),
            benchmarks: vec![named(&benchmark)],
            snapshot_id: Some(one.snapshot_id),
            score_basis: Some(one.score_basis.clone()),
        };
        let sources = Component::ALL.into_iter().map(|component| (component, 0)).collect();
        Self { compared, global, components: scores.collect(), sources, benchmarks: vec![benchmark] }
    }

    /// A device: by component the benchmark that speaks for it. `benchmarks` are those that its standing names.
    pub fn of_device(
        (device_id, device_name): (i64, String),
        standing: &DeviceStanding,
        snapshot_id: Option<i64>,
        benchmarks: Vec<FullBenchmark>,
    ) -> Self {
        let (low, high, verdict) = (standing.ci_low, standing.ci_high, standing.verdict);
        let global = standing.global_score.map(|value| Score { value, low, high, verdict });
        let scores = standing
            .components
            .iter()
            .filter_map(|(component, one)| Some((*component, Score::of(&one.score)?)));
        let place = |id: i64| benchmarks.iter().position(|benchmark| benchmark.benchmark.id == id);
        let sources = standing.components.iter();
        let sources = sources.filter_map(|(component, one)| Some((*component, place(one.benchmark_id)?)));
        let compared = Compared {
            device_id,
            device_name,
            benchmarks: benchmarks.iter().map(named).collect(),
            snapshot_id,
            score_basis: standing.score_basis.clone(),
        };
        Self { compared, global, components: scores.collect(), sources: sources.collect(), benchmarks }
    }

    /// The hardware.
    pub fn snapshot_id(&self) -> Option<i64> {
        self.compared.snapshot_id
    }

    pub(super) fn global(&self) -> Option<Shown<'_>> {
        let score = self.global?;
        let benchmark_id = match self.benchmarks.as_slice() {
            [one] => Some(one.benchmark.id),
            _ => None,
        };
        let mut conditions = self.conditions(None);
        conditions.verdict = score.verdict;
        conditions.components = Some(self.components.keys().copied().collect());
        Some(Shown { figure: figure(benchmark_id, score), conditions })
    }

    pub(super) fn component(&self, component: Component) -> Option<Shown<'_>> {
        let score = *self.components.get(&component)?;
        let benchmark = self.source(component);
        let mut conditions = self.conditions(Some(component));
        conditions.verdict = score.verdict;
        Some(Shown { figure: figure(benchmark.map(|one| one.benchmark.id), score), conditions })
    }

    /// What scores depend on: the scale, the presets, and how the figures of one component, or of all, were measured.
    fn conditions(&self, component: Option<Component>) -> Conditions<'_> {
        let mut conditions = Conditions::default();
        conditions.basis = self.compared.score_basis.as_deref();
        for (of, place) in &self.sources {
            let counts = component.map_or_else(|| self.components.contains_key(of), |wanted| wanted == *of);
            let Some(benchmark) = self.benchmarks.get(*place).filter(|_| counts) else { continue };
            conditions.add_benchmark(benchmark);
            for measurement in &benchmark.measurements {
                if measurement.metric.component() == Some(*of) && measurement.variant.is_none() {
                    conditions.add_place(measurement);
                }
            }
        }
        conditions
    }

    fn source(&self, component: Component) -> Option<&FullBenchmark> {
        self.benchmarks.get(*self.sources.get(&component)?)
    }

    /// Every metric that there is a figure of, scores of clients apart.
    pub(super) fn metrics(&self) -> impl Iterator<Item = &MetricId> {
        let each =
            Component::ALL.into_iter().filter_map(|component| Some((component, self.source(component)?)));
        each.flat_map(|(component, benchmark)| {
            let all = benchmark.measurements.iter().map(|measurement| &measurement.metric);
            all.filter(move |metric| {
                metric.component() == Some(component) && !metric.as_str().ends_with(".score")
            })
        })
    }

    pub(super) fn measured(&self, metric: &MetricId) -> Option<Measured<'_>> {
        let benchmark = self.source(metric.component()?)?;
        let mut of_first_path = benchmark.measurements.iter().filter(|one| one.variant.is_none());
        let measurement = of_first_path.find(|one| one.metric == *metric && one.value.is_some())?;
        Some(Measured { benchmark, measurement })
    }

    pub(super) fn metric(&self, metric: &MetricId) -> Option<Shown<'_>> {
        let Measured { benchmark, measurement } = self.measured(metric)?;
        let (low, high, verdict) = (measurement.ci_low, measurement.ci_high, measurement.verdict);
        let score = Score { value: measurement.value?, low, high, verdict };
        let mut conditions = Conditions::default();
        conditions.verdict = verdict;
        conditions.add_benchmark(benchmark);
        conditions.add_place(measurement);
        conditions.add_test(measurement);
        Some(Shown { figure: figure(Some(benchmark.benchmark.id), score), conditions })
    }
}

fn figure(benchmark_id: Option<i64>, score: Score) -> ComparedFigure {
    let Score { value, low, high, verdict } = score;
    ComparedFigure { benchmark_id, value, ci_low: low, ci_high: high, verdict }
}

fn named(benchmark: &FullBenchmark) -> ComparedBenchmark {
    let one = &benchmark.benchmark;
    let (id, effective_at, preset, label) = (one.id, one.effective_at, one.preset, one.label.clone());
    ComparedBenchmark { id, effective_at, preset, label }
}
