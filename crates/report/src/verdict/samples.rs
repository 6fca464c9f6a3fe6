//! Reasons in the samples themselves.

use super::reason::{Reason, ReasonCode};
use crate::measurement::Measurement;
use crate::metric::Component;

/// Fewer samples cannot carry a 95 % order-statistic interval of the median: of five, even smallest to
/// largest covers it with only 1 − 2 × ½⁵ = 93.75 %.
const MIN_SAMPLES: usize = 6;

/// A half-width of the interval above this share of the median is noisy: five times what the loop aims for
/// (2 %), and more than two generations of a part usually differ.
const NOISY: f64 = 0.10;

/// Drives and networks scatter by nature (caches, garbage collection, other traffic).
const NOISY_DISK_NETWORK: f64 = 0.25;

/// Judges the samples and the interval.
pub(super) fn reasons(measurement: &Measurement, reasons: &mut Vec<Reason>) {
    let count = measurement.samples.as_ref().map_or(0, |samples| samples.len());
    if (1..MIN_SAMPLES).contains(&count) {
        reasons
            .push(Reason::new(ReasonCode::FewSamples, format!("{count} samples, {MIN_SAMPLES} are needed")));
    }
    let limit = match measurement.metric.component() {
        Some(Component::Disk | Component::Network) => NOISY_DISK_NETWORK,
        _ => NOISY,
    };
    if let Some(width) = half_width(measurement).filter(|width| *width > limit) {
        let percent = width * 100.0;
        reasons
            .push(Reason::new(ReasonCode::Noisy, format!("the interval is ± {percent:.0} % of the value")));
    }
}

/// Half the interval's width, as a share of the value; the spread where there is no interval.
fn half_width(measurement: &Measurement) -> Option<f64> {
    let value = measurement.value?.get().abs();
    let half = match (measurement.ci_low, measurement.ci_high) {
        (Some(low), Some(high)) => (high.get() - low.get()).abs() / 2.0,
        _ => measurement.spread?.get(),
    };
    (value > 0.0).then_some(half / value)
}
