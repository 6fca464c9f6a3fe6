//! Scores: what the figures of a report are worth beside a reference that is 100 by definition.

mod mean;
mod summary;
pub mod v0;

use std::collections::BTreeMap;
use std::fmt;

use crate::measurement::{Measurement, Verdict};
use crate::metric::Component;
use crate::report::Report;
use crate::verdict::{Judgement, first_disk_path, on_disk_path};
pub use summary::{conclude, summarise};

/// Which numbers are behind a score. Scores of different basis are never ranked against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The component scores that the client sent.
    Client,
    /// The raw values of `measurements`, by [`v0::REFERENCES`].
    V0,
}

impl Basis {
    /// The version that is ranked.
    pub const CURRENT: Self = Self::V0;

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::V0 => "v0",
        }
    }

    /// The basis of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Client, Self::V0].into_iter().find(|basis| basis.as_str() == name)
    }

    /// What this report is scored by: its measurements if it has any of a metric that counts.
    pub fn of(report: &Report) -> Self {
        let counts = |measurement: &Measurement| v0::reference(&measurement.metric).is_some();
        if report.measurements.iter().any(counts) { Self::V0 } else { Self::Client }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A score and its 95 % interval: `low ≤ score ≤ high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComponentScore {
    /// 100 is the reference; there is no upper bound.
    pub score: f64,
    /// Lower end of the interval, where every figure behind the score has one.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// The scores of one benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Which numbers are behind them.
    pub basis: Basis,
    /// The components that have a score.
    pub components: BTreeMap<Component, ComponentScore>,
    /// All of them together; `None` without any.
    pub global: Option<ComponentScore>,
    /// The share of the weight that was measured, 0 to 1.
    pub coverage: f64,
}

/// Scores a report: its components, and all of them together.
pub fn score(report: &Report, judgement: &Judgement) -> Scores {
    let basis = Basis::of(report);
    let components = match basis {
        Basis::Client => client(report, judgement),
        Basis::V0 => computed(report, judgement),
    };
    let (global, coverage) = global(&components);
    Scores { basis, components, global, coverage }
}

fn client(report: &Report, judgement: &Judgement) -> BTreeMap<Component, ComponentScore> {
    let sent = |component: Component| {
        // What the client itself found invalid is not scored.
        let invalid = judgement.components.get(&component).is_some_and(|c| c.verdict == Verdict::Invalid);
        let score = report.results.score(component).filter(|_| !invalid)?;
        Some((component, ComponentScore { score, low: None, high: None }))
    };
    Component::ALL.into_iter().filter_map(sent).collect()
}

fn computed(report: &Report, judgement: &Judgement) -> BTreeMap<Component, ComponentScore> {
    let scored = |component: &Component| judgement.components.get(component).is_some_and(|c| c.scored);
    let components = Component::ALL.into_iter().filter(scored);
    components.filter_map(|c| Some((c, part(report, judgement, c, |_| true)?))).collect()
}

/// The score of the figures of one component whose metric `counts`; `None` if none is left.
fn part(
    report: &Report,
    judgement: &Judgement,
    component: Component,
    counts: fn(&str) -> bool,
) -> Option<ComponentScore> {
    let first_path = first_disk_path(&report.measurements);
    let mut seen: Vec<&str> = Vec::new();
    let mut ratios = Vec::new();
    for (measurement, judged) in report.measurements.iter().zip(&judgement.measurements) {
        let Some(reference) = v0::reference(&measurement.metric) else { continue };
        let elsewhere = component == Component::Disk && !on_disk_path(measurement, first_path);
        if reference.component != component
            || judged.verdict == Verdict::Invalid
            || elsewhere
            || !counts(reference.metric)
            || seen.contains(&reference.metric)
        {
            continue;
        }
        if let Some(ratio) = mean::Ratio::of(measurement, reference) {
            seen.push(reference.metric);
            ratios.push(ratio);
        }
    }
    // A round trip alone measures distance, not the network.
    let needed = component != Component::Network || seen.iter().any(|metric| metric.ends_with("load_mbps"));
    if needed { mean::geometric(&ratios) } else { None }
}

/// The share of each component in the global score, in percent.
pub fn weight_percent(component: Component) -> u32 {
    match component {
        Component::Cpu => 30,
        Component::Memory => 20,
        Component::Disk => 25,
        Component::Network => 15,
        Component::Gpu => 10,
    }
}

/// The global score and its coverage. With all five components it is exactly
/// `cpu*0.30 + memory*0.20 + disk*0.25 + network*0.15 + gpu*0.10`; otherwise the weights are scaled to 1.
/// The interval is there if every component has one.
pub fn global(components: &BTreeMap<Component, ComponentScore>) -> (Option<ComponentScore>, f64) {
    let measured: u32 = components.keys().map(|component| weight_percent(*component)).sum();
    let coverage = f64::from(measured) / 100.0;
    if measured == 0 {
        return (None, coverage);
    }
    let weighted =
        || components.iter().map(|(c, score)| (f64::from(weight_percent(*c)) / f64::from(measured), score));
    // Not `sum`, which starts from -0.0 and says nothing of the order.
    let score = weighted().fold(0.0, |sum, (weight, score)| sum + score.score * weight).min(f64::MAX);
    let half = |end: fn(&ComponentScore) -> Option<f64>| {
        let squares: Option<f64> = weighted()
            .map(|(weight, score)| Some((weight * (end(score)? - score.score)).powi(2)))
            .try_fold(0.0, |sum, square| Some(sum + square?));
        squares.map(f64::sqrt).filter(|half| half.is_finite())
    };
    let ends = half(|score| score.low).zip(half(|score| score.high));
    let low = ends.map(|(down, _)| (score - down).max(0.0));
    let high = ends.map(|(_, up)| (score + up).min(f64::MAX));
    (Some(ComponentScore { score, low, high }), coverage)
}
