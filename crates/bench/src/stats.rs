//! Medians, quantiles, and the order-statistic interval of a median.

/// A median with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The sample below which the share `q` (0 to 1) of all samples lies, by the nearest rank; `None` without samples.
pub(crate) fn quantile(samples: &[f64], q: f64) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank, from 0 to the length"
    )]
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

/// The middle sample, or the mean of the two in the middle.
pub(crate) fn median(samples: &[f64]) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { f64::midpoint(sorted[middle - 1], upper) })
}

/// The median and the narrowest symmetric pair of order statistics that covers it with at least 95 %. With fewer than
/// six samples no pair does: then the interval runs from the smallest to the largest.
pub(crate) fn estimate(samples: &[f64]) -> Option<Estimate> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let depth = depth(sorted.len());
    let low = *sorted.get(depth)?;
    let high = *sorted.get(sorted.len() - 1 - depth)?;
    Some(Estimate { median: median(samples)?, low, high })
}

/// How many samples may be cut off at each end: the largest d with P(Binomial(n, 1/2) ≤ d - 1) ≤ 2.5 %.
fn depth(count: usize) -> usize {
    let mut term = 0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    let mut tail = term;
    let mut depth = 0;
    while tail <= 0.025 && depth < count / 2 {
        depth += 1;
        term *= (count - depth + 1) as f64 / depth as f64;
        tail += term;
    }
    depth.saturating_sub(1).min(count.saturating_sub(1) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples() {
        let samples: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(quantile(&samples, 0.99), Some(99.0));
        assert_eq!(quantile(&samples, 0.5), Some(50.0));
        assert_eq!(quantile(&[7.0], 0.99), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(median(&samples), Some(50.5));
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn the_interval_is_that_of_the_tables() {
        // Ranks (from 1) of the 95 % interval of a median, as printed in tables of the sign test.
        for (count, low, high) in
            [(6, 1.0, 6.0), (9, 2.0, 8.0), (10, 2.0, 9.0), (12, 3.0, 10.0), (20, 6.0, 15.0)]
        {
            let samples: Vec<f64> = (1..=count).map(f64::from).collect();
            let estimate = estimate(&samples).unwrap();
            assert_eq!((estimate.low, estimate.high), (low, high), "{count} samples");
        }
        let few = estimate(&[3.0, 1.0, 2.0]).unwrap();
        assert_eq!(few, Estimate { median: 2.0, low: 1.0, high: 3.0 });
        assert_eq!(estimate(&[]), None);
    }
}
