//! Reasons that the agent gives: what only it can know, and what the report holds no evidence of.

use std::collections::BTreeMap;

use super::reason::{Grade, Reason, ReasonCode, Source};
use super::{Verdict, verdict_of};
use crate::measurement::Measurement;
use crate::metric::Component;
use crate::missing::Missing;
use crate::report::Report;

/// What `missing` says of tests that failed, by place: a metric or a component.
pub(super) struct Failures<'a>(BTreeMap<&'a str, Reason>);

impl<'a> Failures<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        Self(report.missing.iter().filter_map(|missing| Some((place(missing), failure(missing)?))).collect())
    }

    /// Components of which the whole test failed.
    pub(super) fn components(&self) -> impl Iterator<Item = (Component, &Reason)> {
        self.0.iter().filter_map(|(place, reason)| Some((Component::from_name(place)?, reason)))
    }
}

/// Takes over the agent's reasons; returns the verdict that it asks for beyond them.
pub(super) fn reasons(
    report: &Report,
    failures: &Failures<'_>,
    measurement: &Measurement,
    reasons: &mut Vec<Reason>,
) -> Verdict {
    let mut unknown = None;
    for claim in measurement.reasons.iter().flat_map(|claims| claims.iter()) {
        match ReasonCode::from_code(&claim.code) {
            Some(code) if judged_here(code, report, measurement) => {}
            Some(code) => {
                let evidence = claim.evidence.as_ref().map(|text| text.to_string()).unwrap_or_default();
                super::add_new(reasons, [Reason::new(code, evidence)]);
            }
            None => unknown = Some(claim.code.as_str()),
        }
    }
    super::add_new(reasons, failures.0.get(measurement.metric.as_str()).cloned());
    if measurement.value.is_none() && !reasons.iter().any(|reason| reason.code.grade() == Grade::Invalid) {
        super::add_new(reasons, [Reason::new(ReasonCode::Crashed, "the test left no figure")]);
    }
    beyond(measurement, reasons, unknown)
}

/// The evidence for this reason is in the report, so that the claim adds nothing.
fn judged_here(code: ReasonCode, report: &Report, measurement: &Measurement) -> bool {
    match code.source() {
        Source::Watch => {
            let components = report.environment.as_ref().and_then(|e| e.components.as_ref());
            let component = measurement.metric.component();
            component.is_some_and(|component| components.is_some_and(|c| c.contains_key(&component)))
        }
        Source::Params => measurement.params.is_some(),
        Source::Samples => measurement.samples.is_some(),
        Source::Hardware => true,
        Source::Agent => false,
    }
}

/// A verdict worse than everything that is known here comes from an agent with more words than ours.
fn beyond(measurement: &Measurement, reasons: &mut Vec<Reason>, unknown: Option<&str>) -> Verdict {
    let claimed = measurement.verdict.unwrap_or_default();
    let explained =
        unknown.is_none() && measurement.reasons.as_ref().is_some_and(|claims| !claims.is_empty());
    let known = reasons.iter().map(|reason| verdict_of(reason.code.grade())).max().unwrap_or_default();
    if explained || claimed <= known {
        return Verdict::Valid;
    }
    let evidence = unknown.map_or_else(|| "no reason given".to_owned(), |code| format!("reason {code}"));
    super::add_new(reasons, [Reason::new(ReasonCode::Other, evidence)]);
    claimed
}

/// `results.disk` and `disk` are the same place.
fn place(missing: &Missing) -> &str {
    let path = missing.path.as_str();
    path.strip_prefix("results.").or_else(|| path.strip_prefix("measurements.")).unwrap_or(path)
}

fn failure(missing: &Missing) -> Option<Reason> {
    let code = ReasonCode::from_code(&missing.reason)?;
    let evidence = format!("{} has no figure", place(missing));
    (code.grade() == Grade::Invalid).then(|| Reason::new(code, evidence))
}
