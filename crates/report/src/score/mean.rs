//! The geometric mean of ratios, with the interval carried through.
//!
//! All in logarithms: the mean cannot overflow, and "half as fast" weighs as much as "twice as fast"
//! (Fleming and Wallace, "How not to lie with statistics", 1986).

use super::ComponentScore;
use super::v0::Reference;
use crate::measurement::Measurement;
use crate::metric::Direction;

/// A figure as a share of its reference, in natural logarithms, better being greater.
pub(super) struct Ratio {
    log: f64,
    /// Distance down to the lower and up to the upper end of the interval.
    ends: Option<(f64, f64)>,
}

impl Ratio {
    /// `None` for a figure that no ratio can be made of: absent, zero or negative.
    pub(super) fn of(measurement: &Measurement, reference: &Reference) -> Option<Self> {
        let value = measurement.value?.get();
        let log = |value: f64| {
            let ratio = value.ln() - reference.value.ln();
            match reference.direction {
                Direction::Higher => ratio,
                Direction::Lower => -ratio,
            }
        };
        let ends = measurement.ci_low.zip(measurement.ci_high).map(|(low, high)| {
            let (a, b) = (log(low.get()), log(high.get()));
            let middle = log(value);
            ((middle - a.min(b)).max(0.0), (a.max(b) - middle).max(0.0))
        });
        let ends = ends.filter(|(down, up)| down.is_finite() && up.is_finite());
        (value > 0.0).then(|| Self { log: log(value), ends })
    }
}

/// 100 × the geometric mean. The intervals of independent figures add as squares; one figure without an
/// interval leaves the mean without one. `None` if there is no figure, or none that a number can hold.
pub(super) fn geometric(ratios: &[Ratio]) -> Option<ComponentScore> {
    let count = ratios.len() as f64;
    let mean = ratios.iter().map(|ratio| ratio.log).sum::<f64>() / count;
    let at = |log: f64| 100.0 * log.exp();
    let ends: Option<Vec<(f64, f64)>> = ratios.iter().map(|ratio| ratio.ends).collect();
    let ends = ends.map(|ends| {
        let down = ends.iter().map(|(down, _)| down * down).sum::<f64>().sqrt() / count;
        let up = ends.iter().map(|(_, up)| up * up).sum::<f64>().sqrt() / count;
        (at(mean - down), at(mean + up))
    });
    let ends = ends.filter(|(_, high)| high.is_finite());
    let score = at(mean);
    (!ratios.is_empty() && score.is_finite()).then_some(ComponentScore {
        score,
        low: ends.map(|(low, _)| low.min(score)),
        high: ends.map(|(_, high)| high.max(score)),
    })
}
