//! Verdicts: may a figure be trusted, and if not, why not.
//!
//! One pure function, used by the agent and by the server, which does not trust the agent's own verdict: a
//! client can make its figures worse, never better. A report without evidence, as old clients send it, is
//! valid.

mod bounds;
mod claims;
mod params;
mod reason;
mod samples;
mod watch;

use std::collections::BTreeMap;

use bounds::Bounds;
use claims::Failures;

pub use crate::measurement::Verdict;
use crate::measurement::{self, Measurement};
use crate::metric::Component;
use crate::report::Report;
use crate::text::{List, Name, Prose};
pub use reason::{Grade, Reason, ReasonCode};

/// What a report is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// One for each of the report's measurements, in their order.
    pub measurements: Vec<Judged>,
    /// The components that were measured, or tried.
    pub components: BTreeMap<Component, ComponentVerdict>,
    /// The benchmark as a whole.
    pub verdict: Verdict,
    /// What is worth knowing about the benchmark: every reason of grade [`Grade::Note`], once.
    pub notes: Vec<Reason>,
}

/// The verdict on one measurement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The worst that its reasons say.
    pub verdict: Verdict,
    /// Why, and what is worth knowing.
    pub reasons: Vec<Reason>,
}

/// The verdict on one component: the worst of its measurements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentVerdict {
    /// The worst of its measurements (of the first disk path, where there are several).
    pub verdict: Verdict,
    /// The reasons of its measurements, each once.
    pub reasons: Vec<Reason>,
    /// There is a figure that may count.
    pub scored: bool,
}

/// Derives every verdict from the evidence in the report.
pub fn judge(report: &Report) -> Judgement {
    let evidence = Evidence { report, bounds: Bounds::of(&report.hardware), failures: Failures::of(report) };
    let measurements: Vec<Judged> = report.measurements.iter().map(|m| evidence.judge(m)).collect();
    let components = components(report, &measurements, &evidence.failures);
    let verdict = benchmark(&components);
    let notes = notes(&components);
    Judgement { measurements, components, verdict, notes }
}

/// Writes the verdicts into the report's measurements, as the agent sends them.
pub fn write_verdicts(report: &mut Report, judgement: &Judgement) {
    let measurements = std::mem::take(&mut report.measurements);
    let judged = measurements.into_vec().into_iter().zip(&judgement.measurements);
    report.measurements = judged
        .map(|(mut measurement, judged)| {
            measurement.verdict = Some(judged.verdict);
            let reasons: List<_> = judged.reasons.iter().map(to_wire).collect();
            measurement.reasons = (!reasons.is_empty()).then_some(reasons);
            measurement
        })
        .collect();
}

fn to_wire(reason: &Reason) -> measurement::Reason {
    measurement::Reason {
        code: Name::lossy(reason.code.as_str()),
        evidence: (!reason.evidence.is_empty()).then(|| Prose::lossy(&reason.evidence)),
    }
}

/// All that a verdict is derived from.
struct Evidence<'a> {
    report: &'a Report,
    bounds: Bounds<'a>,
    failures: Failures<'a>,
}

impl Evidence<'_> {
    fn judge(&self, measurement: &Measurement) -> Judged {
        let mut reasons = Vec::new();
        if let Some(component) = measurement.metric.component() {
            watch::reasons(self.report, component, measurement, &mut reasons);
        }
        params::reasons(measurement, &mut reasons);
        samples::reasons(measurement, &mut reasons);
        self.bounds.reasons(measurement, &mut reasons);
        let claimed = claims::reasons(self.report, &self.failures, measurement, &mut reasons);
        let verdict = reasons.iter().map(|reason| verdict_of(reason.code.grade())).max().unwrap_or_default();
        Judged { verdict: verdict.max(claimed), reasons }
    }
}

fn verdict_of(grade: Grade) -> Verdict {
    match grade {
        Grade::Note => Verdict::Valid,
        Grade::Suspect => Verdict::Suspect,
        Grade::Invalid => Verdict::Invalid,
    }
}

fn components(
    report: &Report,
    judged: &[Judged],
    failures: &Failures<'_>,
) -> BTreeMap<Component, ComponentVerdict> {
    let mut components: BTreeMap<Component, ComponentVerdict> = BTreeMap::new();
    let first_path = first_disk_path(&report.measurements);
    for (measurement, judged) in report.measurements.iter().zip(judged) {
        let Some(component) = measurement.metric.component() else { continue };
        if component == Component::Disk && !on_disk_path(measurement, first_path) {
            continue;
        }
        let entry = components.entry(component).or_default();
        entry.verdict = entry.verdict.max(judged.verdict);
        entry.scored |= judged.verdict != Verdict::Invalid && measurement.value.is_some();
        add_new(&mut entry.reasons, judged.reasons.iter().cloned());
    }
    for (component, reason) in failures.components() {
        let entry = components.entry(component).or_default();
        entry.verdict = Verdict::Invalid;
        add_new(&mut entry.reasons, [reason.clone()]);
    }
    for component in Component::ALL {
        if report.results.score(component).is_some() {
            let client = report.measurements.is_empty();
            components
                .entry(component)
                .or_insert_with(|| ComponentVerdict { scored: client, ..Default::default() });
        }
    }
    for component in components.values_mut() {
        component.scored &= !component.reasons.iter().any(|reason| reason.code.is_unscored());
    }
    components
}

fn benchmark(components: &BTreeMap<Component, ComponentVerdict>) -> Verdict {
    let worst = components.values().map(|component| component.verdict).max().unwrap_or_default();
    let none_left = components.values().all(|component| component.verdict == Verdict::Invalid);
    if worst == Verdict::Invalid && !none_left { Verdict::Suspect } else { worst }
}

fn notes(components: &BTreeMap<Component, ComponentVerdict>) -> Vec<Reason> {
    let mut notes = Vec::new();
    let all = components.values().flat_map(|component| &component.reasons);
    add_new(&mut notes, all.filter(|reason| reason.code.grade() == Grade::Note).cloned());
    notes
}

/// Adds the reasons whose code is not there yet.
fn add_new(reasons: &mut Vec<Reason>, more: impl IntoIterator<Item = Reason>) {
    for reason in more {
        if !reasons.iter().any(|known| known.code == reason.code) {
            reasons.push(reason);
        }
    }
}

/// The disk path that is scored: that of the first disk measurement which is not marked as another path's.
/// Without one there is none, for the first path failed then, and no other takes its place.
pub(crate) fn first_disk_path(measurements: &[Measurement]) -> Option<&str> {
    let mut disk = measurements.iter().filter(|m| m.metric.component() == Some(Component::Disk));
    disk.find(|measurement| !is_extra(measurement)).map(disk_path)
}

/// Whether a disk measurement was taken on the path that is scored.
pub(crate) fn on_disk_path(measurement: &Measurement, first: Option<&str>) -> bool {
    !is_extra(measurement) && first == Some(disk_path(measurement))
}

fn is_extra(measurement: &Measurement) -> bool {
    measurement.params.as_ref().and_then(|params| params.extra_path) == Some(true)
}

/// The path that a disk measurement was taken on; empty if it does not say.
pub(crate) fn disk_path(measurement: &Measurement) -> &str {
    measurement.params.as_ref().and_then(|params| params.path.as_deref()).unwrap_or_default()
}
