//! Devices or benchmarks side by side, each beside the first.

mod obstacles;
mod pair;
mod subject;

use std::collections::BTreeSet;

use report::{Component, Direction, MetricId};
use serde::Serialize;
use utoipa::ToSchema;

use super::snapshot::SnapshotDiff;
pub use pair::{Against, Obstacle};
pub use subject::{Compared, ComparedBenchmark, Subject};

use pair::against;
use subject::Shown;

/// Devices or benchmarks side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// What is compared, in the order in which it was asked for. All lists below have this order.
    pub compared: Vec<Compared>,
    /// The global scores.
    pub global: Row,
    /// The scores of the components.
    pub components: Vec<ComponentRow>,
    /// Every figure, by metric.
    pub metrics: Vec<MetricRow>,
    /// What each of the others is made of that the first is not: the first whose hardware is known.
    pub hardware: Vec<SnapshotDiff>,
    /// Ids of the devices whose hardware no report has told: nothing stands in `hardware` of them.
    pub without_hardware: Vec<i64>,
}

/// Figures side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Row {
    /// One of each that is compared; null where there is none.
    pub figures: Vec<Option<ComparedFigure>>,
    /// What each but the first is beside the first.
    pub against_first: Vec<Against>,
}

/// Scores of a component side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentRow {
    /// Of which component.
    pub component: Component,
    /// The scores.
    #[serde(flatten)]
    pub row: Row,
}

/// Figures of a metric side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricRow {
    /// Which metric.
    pub metric: MetricId,
    /// Unit of the figures.
    pub unit: Option<String>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// The figures.
    #[serde(flatten)]
    pub row: Row,
}

/// One figure of one that is compared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComparedFigure {
    /// The benchmark that it comes from; null for the global score of a device, which is of several.
    pub benchmark_id: Option<i64>,
    /// The figure.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// Its verdict.
    pub verdict: report::measurement::Verdict,
}

impl Comparison {
    /// Puts them side by side; `hardware` has what was found of that.
    pub fn of(subjects: &[Subject], hardware: Vec<SnapshotDiff>) -> Self {
        let higher = Some(Direction::Higher);
        let components = Component::ALL.into_iter().filter_map(|component| {
            let shown: Vec<_> = subjects.iter().map(|one| one.component(component)).collect();
            let any = shown.iter().any(Option::is_some);
            any.then(|| ComponentRow { component, row: row(subjects, &shown, higher) })
        });
        let global: Vec<_> = subjects.iter().map(Subject::global).collect();
        Self {
            compared: subjects.iter().map(|subject| subject.compared.clone()).collect(),
            global: row(subjects, &global, higher),
            components: components.collect(),
            metrics: metrics(subjects),
            hardware,
            without_hardware: subjects
                .iter()
                .filter(|subject| subject.snapshot_id().is_none())
                .map(|subject| subject.compared.device_id)
                .collect(),
        }
    }
}

fn metrics(subjects: &[Subject]) -> Vec<MetricRow> {
    let all: BTreeSet<&MetricId> = subjects.iter().flat_map(Subject::metrics).collect();
    let mut ids: Vec<&MetricId> = all.into_iter().collect();
    // As they are shown everywhere; those that the catalogue does not know come last.
    let place = |id: &MetricId| {
        let known = report::metric::CATALOGUE.iter().position(|known| known.id == id.as_str());
        known.unwrap_or(usize::MAX)
    };
    ids.sort_unstable_by_key(|id| (place(id), *id));
    let row_of = |id: &MetricId| {
        let measured: Vec<_> = subjects.iter().map(|subject| subject.measured(id)).collect();
        let first = measured.iter().flatten().next();
        let direction = first.and_then(|found| found.measurement.direction);
        let shown: Vec<_> = subjects.iter().map(|subject| subject.metric(id)).collect();
        MetricRow {
            metric: id.clone(),
            unit: first.and_then(|found| found.measurement.unit.clone()),
            direction,
            row: row(subjects, &shown, direction),
        }
    };
    ids.into_iter().map(row_of).collect()
}

fn row(subjects: &[Subject], shown: &[Option<Shown<'_>>], direction: Option<Direction>) -> Row {
    let named = |place: usize| (subjects[place].compared.device_name.as_str(), shown[place].as_ref());
    Row {
        figures: shown.iter().map(|shown| shown.as_ref().map(|shown| shown.figure.clone())).collect(),
        against_first: (1..shown.len()).map(|place| against(named(place), named(0), direction)).collect(),
    }
}
