//! A device's standing: per component the best evidence there is, which is not always the latest row.

use std::collections::BTreeMap;

use report::missing::Missing;
use report::score::Basis;
use report::verdict::{Judgement, Reason, ReasonCode, Verdict};
use report::{Component, Preset, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How one component came out of one benchmark. Kept with the benchmark, and with the device that it speaks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComponentResult {
    /// Its score, if it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Lower end of the score's 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of the score's 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Its verdict.
    pub verdict: Verdict,
    /// What speaks against it, or is worth knowing, worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<StoredReason>,
}

/// A reason as it is stored: codes of later versions stay readable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoredReason {
    /// Its code: `busy`.
    pub code: String,
    /// Its evidence, in English; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

impl From<&Reason> for StoredReason {
    fn from(reason: &Reason) -> Self {
        Self { code: reason.code.as_str().to_owned(), evidence: reason.evidence.clone() }
    }
}

/// What every component of a report came to.
pub fn component_results(
    judgement: &Judgement,
    scores: &report::score::Scores,
) -> BTreeMap<Component, ComponentResult> {
    let result = |component: Component| {
        let judged = judgement.components.get(&component);
        let score = scores.components.get(&component);
        if judged.is_none() && score.is_none() {
            return None;
        }
        let mut reasons = judged.map(|judged| judged.reasons.clone()).unwrap_or_default();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.code.grade()));
        let result = ComponentResult {
            score: score.map(|score| score.score),
            low: score.and_then(|score| score.low),
            high: score.and_then(|score| score.high),
            verdict: judged.map(|judged| judged.verdict).unwrap_or_default(),
            reasons: reasons.iter().map(StoredReason::from).collect(),
        };
        Some((component, result))
    };
    Component::ALL.into_iter().filter_map(result).collect()
}

/// Code of the first reason of the component that came out worst; of those that are equally bad, one that is
/// scored: a network on the same host was perhaps busy too, but it is not what the machine's figure is about.
pub fn worst_reason(components: &BTreeMap<Component, ComponentResult>) -> Option<String> {
    let worst = components.values().max_by_key(|result| (result.verdict, result.score.is_some()))?;
    worst.reasons.first().map(|reason| reason.code.clone())
}

/// True for the code of a reason that keeps a component out of the score; codes of later versions do not.
pub fn is_unscored(code: &str) -> bool {
    ReasonCode::from_code(code).is_some_and(ReasonCode::is_unscored)
}

/// True if nothing was to be measured: there is no result, and no attempt that failed either.
pub fn inventory_only(components: &BTreeMap<Component, ComponentResult>, missing: &[Missing]) -> bool {
    let failed = |missing: &Missing| {
        missing.path.starts_with("results")
            && !matches!(missing.reason.as_str(), "inventory_only" | "skipped" | "not_supported")
    };
    components.is_empty() && !missing.iter().any(failed)
}

/// A device's standing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Standing {
    /// The evidence for each component.
    pub components: BTreeMap<Component, Evidence>,
}

/// The result that speaks for a component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredEvidence")]
pub struct Evidence {
    /// The benchmark that it comes from.
    pub benchmark_id: i64,
    /// When that was measured, ms since 1970.
    pub effective_at: i64,
    /// How long that benchmark could take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Scale of the score.
    pub basis: String,
    /// The result.
    #[serde(flatten)]
    pub result: ComponentResult,
}

/// The same with every field in its place: what is flattened is read by way of a copy of each value, and a page of a list
/// reads hundreds of these.
#[derive(Deserialize)]
struct StoredEvidence {
    benchmark_id: i64,
    effective_at: i64,
    #[serde(default)]
    preset: Option<Preset>,
    basis: String,
    #[serde(default)]
    score: Option<f64>,
    #[serde(default)]
    low: Option<f64>,
    #[serde(default)]
    high: Option<f64>,
    verdict: Verdict,
    #[serde(default)]
    reasons: Vec<StoredReason>,
}

impl From<StoredEvidence> for Evidence {
    fn from(stored: StoredEvidence) -> Self {
        let StoredEvidence { benchmark_id, effective_at, preset, basis, score, low, high, verdict, reasons } =
            stored;
        let result = ComponentResult { score, low, high, verdict, reasons };
        Self { benchmark_id, effective_at, preset, basis, result }
    }
}

/// A short benchmark's result replaces a longer one's when that is older than this.
const LONGER_HOLDS_MS: i64 = 90 * 24 * 3_600 * 1_000;

impl Standing {
    /// Takes in what one benchmark says; in whatever order benchmarks arrive.
    pub fn take(&mut self, component: Component, new: Evidence) {
        let counts = new.result.score.is_some() && new.result.verdict != Verdict::Invalid;
        let better = self.components.get(&component).is_none_or(|known| new.speaks_over(known));
        if counts && better {
            self.components.insert(component, new);
        }
    }

    /// The scale that this device is ranked on: the current one as soon as one component is of it.
    pub fn basis(&self) -> Option<&str> {
        let bases = || self.components.values().map(|evidence| evidence.basis.as_str());
        bases().find(|basis| *basis == Basis::CURRENT.as_str()).or_else(|| bases().next())
    }

    /// The components of that scale.
    pub fn counting(&self) -> impl Iterator<Item = (Component, &Evidence)> {
        let basis = self.basis();
        self.components.iter().filter(move |(_, e)| Some(e.basis.as_str()) == basis).map(|(c, e)| (*c, e))
    }

    /// The same, where the standing is needed for nothing else.
    pub fn into_counting(self) -> impl Iterator<Item = (Component, Evidence)> {
        let basis = self.basis().map(str::to_owned);
        self.components.into_iter().filter(move |(_, e)| Some(&*e.basis) == basis.as_deref())
    }

    /// The worst verdict among the components that count.
    pub fn verdict(&self) -> Verdict {
        self.counting().map(|(_, evidence)| evidence.result.verdict).max().unwrap_or_default()
    }
}

impl Evidence {
    /// When it was measured.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_ms(self.effective_at)
    }

    fn speaks_over(&self, known: &Self) -> bool {
        let current = Basis::CURRENT.as_str();
        if (self.basis == current) != (known.basis == current) {
            return self.basis == current;
        }
        match (self.is_long(), known.is_long()) {
            (true, false) => known.effective_at - self.effective_at <= LONGER_HOLDS_MS,
            (false, true) => self.effective_at - known.effective_at > LONGER_HOLDS_MS,
            _ => (self.effective_at, self.benchmark_id) > (known.effective_at, known.benchmark_id),
        }
    }

    /// Old clients do not say how long they took, and did not hurry.
    fn is_long(&self) -> bool {
        self.preset != Some(Preset::Short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 3_600 * 1_000;

    #[test]
    fn the_reason_is_that_of_the_worst_component_and_rather_of_one_that_counts() {
        let result = |verdict, score, code: &str| ComponentResult {
            score,
            verdict,
            reasons: vec![StoredReason { code: code.to_owned(), evidence: String::new() }],
            ..Default::default()
        };
        let network = result(Verdict::Suspect, None, "busy");
        let cpu = result(Verdict::Suspect, Some(900.0), "throttled");
        let mut components = BTreeMap::from([(Component::Cpu, cpu), (Component::Network, network)]);
        assert_eq!(worst_reason(&components).as_deref(), Some("throttled"));
        components.insert(Component::Disk, result(Verdict::Invalid, None, "tmpfs"));
        assert_eq!(worst_reason(&components).as_deref(), Some("tmpfs"));
        assert_eq!(worst_reason(&BTreeMap::new()), None);
    }

    fn evidence(day: i64, preset: Preset, score: f64) -> Evidence {
        let result = ComponentResult { score: Some(score), ..ComponentResult::default() };
        let (benchmark_id, effective_at) = (day, day * DAY_MS);
        Evidence { benchmark_id, effective_at, preset: Some(preset), basis: "v0".to_owned(), result }
    }

    fn standing(all: &[Evidence]) -> Option<f64> {
        let mut standing = Standing::default();
        for evidence in all {
            standing.take(Component::Cpu, evidence.clone());
        }
        standing.components.get(&Component::Cpu)?.result.score
    }

    #[test]
    fn the_newest_of_its_length_speaks_in_whatever_order_they_arrive() {
        let (old, new) = (evidence(1, Preset::Normal, 1.0), evidence(2, Preset::Thorough, 2.0));
        assert_eq!(standing(&[old.clone(), new.clone()]), Some(2.0));
        assert_eq!(standing(&[new, old]), Some(2.0));
    }

    #[test]
    fn a_short_one_replaces_a_longer_one_only_after_ninety_days() {
        let long = evidence(1, Preset::Normal, 1.0);
        for (day, expected) in [(2, 1.0), (91, 1.0), (92, 2.0)] {
            let short = evidence(day, Preset::Short, 2.0);
            assert_eq!(standing(&[long.clone(), short.clone()]), Some(expected), "day {day}");
            assert_eq!(standing(&[short, long.clone()]), Some(expected), "day {day}");
        }
    }

    #[test]
    fn what_is_invalid_or_has_no_score_does_not_count() {
        let mut invalid = evidence(2, Preset::Normal, 2.0);
        invalid.result.verdict = Verdict::Invalid;
        assert_eq!(standing(&[evidence(1, Preset::Normal, 1.0), invalid.clone()]), Some(1.0));
        assert_eq!(standing(&[invalid]), None);
    }

    #[test]
    fn scales_do_not_mix() {
        let mut old = evidence(9, Preset::Normal, 900.0);
        old.basis = "client".to_owned();
        let mut standing = Standing::default();
        standing.take(Component::Cpu, old.clone());
        standing.take(Component::Disk, old);
        assert_eq!(standing.basis(), Some("client"));
        standing.take(Component::Cpu, evidence(1, Preset::Normal, 1.0));
        assert_eq!(standing.basis(), Some("v0"));
        assert_eq!(standing.counting().map(|(component, _)| component).collect::<Vec<_>>(), [Component::Cpu]);
    }

    #[test]
    fn it_is_stored_and_read_back() {
        let mut standing = Standing::default();
        standing.take(Component::Disk, evidence(3, Preset::Short, 4.0));
        let text = serde_json::to_string(&standing).unwrap();
        assert_eq!(serde_json::from_str::<Standing>(&text).unwrap(), standing);
    }
}
