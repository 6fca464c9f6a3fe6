//! One figure beside the first.

use report::Direction;
use report::compare::{Ratio, Relation, Value};
use serde::Serialize;
use utoipa::ToSchema;

use super::obstacles::obstacles;
use super::subject::Shown;

/// What a figure is beside the first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Against {
    /// What the measurements say of both.
    pub relation: Relation,
    /// How many times as good as the first it is: above 1 is better, whichever way the metric goes. There too where both
    /// are not comparable; null where a figure is not there.
    pub ratio: Option<f64>,
    /// Lower end of its 95 % interval.
    pub ratio_low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub ratio_high: Option<f64>,
    /// Why they are not comparable.
    pub reasons: Vec<Obstacle>,
    /// All of it in English.
    pub sentence: String,
}

/// Why two figures are not comparable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Obstacle {
    /// For programs: `preset`.
    pub code: &'static str,
    /// In English: `the presets differ (normal, short)`.
    pub text: String,
}

type Named<'a> = (&'a str, Option<&'a Shown<'a>>);

/// What `this` is beside `first`, each with its name.
pub(super) fn against(this: Named<'_>, first: Named<'_>, direction: Option<Direction>) -> Against {
    let (Some(a), Some(b)) = (this.1, first.1) else {
        let absent = [first, this].into_iter().filter(|(_, shown)| shown.is_none());
        let reasons = absent
            .map(|(name, _)| Obstacle { code: "not_measured", text: format!("{name} has no such figure") });
        return not_comparable(None, reasons.collect());
    };
    let value = |shown: &Shown<'_>| Value {
        value: shown.figure.value,
        low: shown.figure.ci_low,
        high: shown.figure.ci_high,
    };
    let ratio = Ratio::of(value(a), value(b), direction.unwrap_or(Direction::Higher));
    let mut reasons = obstacles((this.0, &a.conditions), (first.0, &b.conditions));
    if direction.is_none() {
        let text = "nobody knows whether more of it is better".to_owned();
        reasons.push(Obstacle { code: "direction", text });
    }
    let told = ratio.and_then(|ratio| Some((ratio, ratio.relation()?, ratio.words()?)));
    match told {
        Some((ratio, relation, sentence)) if reasons.is_empty() => {
            let interval = ratio.interval;
            Against {
                relation,
                sentence,
                ratio: Some(ratio.ratio),
                ratio_low: low(interval),
                ratio_high: high(interval),
                reasons,
            }
        }
        _ => {
            if reasons.is_empty() {
                let text = "without intervals a difference cannot be told from chance".to_owned();
                reasons.push(Obstacle { code: "no_interval", text });
            }
            not_comparable(ratio, reasons)
        }
    }
}

fn not_comparable(ratio: Option<Ratio>, reasons: Vec<Obstacle>) -> Against {
    let because: Vec<&str> = reasons.iter().map(|reason| reason.text.as_str()).collect();
    let interval = ratio.and_then(|ratio| ratio.interval);
    Against {
        relation: Relation::NotComparable,
        ratio: ratio.map(|ratio| ratio.ratio),
        ratio_low: low(interval),
        ratio_high: high(interval),
        sentence: format!("not comparable, because {}", because.join(", and ")),
        reasons,
    }
}

fn low(interval: Option<(f64, f64)>) -> Option<f64> {
    interval.map(|(low, _)| low)
}

fn high(interval: Option<(f64, f64)>) -> Option<f64> {
    interval.map(|(_, high)| high)
}
