//! Statistics of one metric's samples: robust ones, since a benchmark's noise has a long tail.

/// What the samples say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    /// Median.
    pub(crate) median: f64,
    /// Median absolute deviation from the median.
    pub(crate) mad: f64,
    /// 95 % interval of the median; `None` below six samples.
    pub(crate) interval: Option<(f64, f64)>,
}

impl Summary {
    /// Half the width of the interval, relative to the median.
    pub(crate) fn half_width(&self) -> Option<f64> {
        let (low, high) = self.interval?;
        (self.median > 0.0).then(|| (high - low) / 2.0 / self.median)
    }
}

/// Summarises samples in any order; `None` without any.
pub(crate) fn summarise(samples: &[f64]) -> Option<Summary> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = median_of_sorted(&sorted)?;
    let mut deviations: Vec<f64> = sorted.iter().map(|sample| (sample - median).abs()).collect();
    deviations.sort_by(f64::total_cmp);
    let mad = median_of_sorted(&deviations)?;
    let interval = interval_rank(sorted.len()).map(|rank| (sorted[rank - 1], sorted[sorted.len() - rank]));
    Some(Summary { median, mad, interval })
}

fn median_of_sorted(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// The largest rank `k` for which the `k`-th smallest and the `k`-th largest of `n` samples enclose the true
/// median with at least 95 %: the coverage is `1 - 2 P(B < k)` with `B` binomial over `n` and one half
/// (David & Nagaraja, Order Statistics, 3rd ed., section 7.1). `None` where even the extremes do not: `n < 6`.
fn interval_rank(n: usize) -> Option<usize> {
    // P(B = 0) = 2^-n, then each term from the one before it.
    let mut term = 0.5_f64.powi(i32::try_from(n).unwrap_or(i32::MAX));
    let mut below = 0.0;
    let mut rank = 0;
    for k in 0..n {
        below += term;
        if below > 0.025 {
            break;
        }
        rank = k + 1;
        term *= (n - k) as f64 / (k + 1) as f64;
    }
    (rank > 0).then_some(rank)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranks_are_those_of_the_tables() {
        let expected = [(5, None), (6, Some(1)), (8, Some(1)), (9, Some(2)), (20, Some(6)), (100, Some(40))];
        for (n, rank) in expected {
            assert_eq!(interval_rank(n), rank, "{n} samples");
        }
    }

    #[test]
    fn a_known_sample() {
        let summary = summarise(&[9.0, 1.0, 3.0, 2.0, 4.0, 5.0]).unwrap();
        assert_eq!(summary, Summary { median: 3.5, mad: 1.5, interval: Some((1.0, 9.0)) });
    }

    proptest! {
        #[test]
        fn the_interval_encloses_the_median(samples in prop::collection::vec(0.0..1e12_f64, 1..200)) {
            let summary = summarise(&samples).unwrap();
            prop_assert_eq!(summary.interval.is_some(), samples.len() >= 6);
            if let Some((low, high)) = summary.interval {
                prop_assert!(low <= summary.median && summary.median <= high);
            }
            prop_assert!(summary.mad >= 0.0);
        }

        #[test]
        fn the_order_does_not_matter(mut samples in prop::collection::vec(0.0..1e6_f64, 1..50)) {
            let forward = summarise(&samples);
            samples.reverse();
            prop_assert_eq!(forward, summarise(&samples));
        }
    }
}
