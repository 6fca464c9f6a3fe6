//! Statistics of one metric's samples: robust ones, since a benchmark's noise has a long tail. Agent, server and
//! `make bench` estimate alike.

/// What the samples say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Median.
    pub median: f64,
    /// Median absolute deviation from the median.
    pub mad: f64,
    /// 95 % interval of the median; `None` below six samples.
    pub interval: Option<(f64, f64)>,
}

impl Summary {
    /// Half the width of the interval, relative to the median.
    pub fn half_width(&self) -> Option<f64> {
        let (low, high) = self.interval?;
        (self.median > 0.0).then(|| (high - low) / 2.0 / self.median)
    }
}

/// Summarises samples in any order; `None` without any.
pub fn summarise(samples: &[f64]) -> Option<Summary> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = median_of_sorted(&sorted)?;
    let mut deviations: Vec<f64> = sorted.iter().map(|sample| (sample - median).abs()).collect();
    deviations.sort_unstable_by(f64::total_cmp);
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

/// The sample below which `percent` of all samples lie, by the nearest rank; `None` without samples.
pub fn percentile(samples: &[f64], percent: usize) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// Fewer samples do not have a slowest hundredth.
const FEWEST_FOR_P99: usize = 100;

/// The value that 99 of 100 samples stay below; `None` of too few.
pub fn p99(samples: &[f64]) -> Option<f64> {
    percentile(samples, 99).filter(|_| samples.len() >= FEWEST_FOR_P99)
}

/// Which samples lie far from the others, by their place: more than 3.5 robust standard deviations (Iglewicz &
/// Hoaglin, How to Detect and Handle Outliers, 1993) and more than the precision that the loop asks for. They
/// are named, never left out.
pub fn outliers(samples: &[f64], precision: f64) -> Vec<usize> {
    let Some(Summary { median, mad, .. }) = summarise(samples) else { return Vec::new() };
    // The MAD of a normal distribution is 0.6745 standard deviations.
    let far = (3.5 * mad / 0.6745).max(precision * median.abs());
    (0..samples.len()).filter(|index| (samples[*index] - median).abs() > far).collect()
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
        assert_eq!(summarise(&[]), None);
    }

    #[test]
    fn outliers_are_named_by_their_place() {
        let steady = [100.0, 101.0, 99.0, 100.5, 99.5, 100.0];
        assert_eq!(outliers(&steady, 0.02), [0_usize; 0]);
        assert_eq!(outliers(&[100.0, 60.0, 101.0, 99.0, 100.5, 180.0, 99.5], 0.02), [1, 5]);
        let alike = [100.0, 100.0, 100.0, 101.0, 100.0, 103.0];
        assert_eq!(outliers(&alike, 0.02), [5], "one in a hundred is no outlier among samples that agree");
        assert_eq!(outliers(&[], 0.02), [0_usize; 0]);
    }

    #[test]
    fn percentiles_are_samples() {
        let samples: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&samples, 99), Some(99.0));
        assert_eq!(percentile(&samples, 50), Some(50.0));
        assert_eq!(percentile(&[7.0], 99), Some(7.0));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn one_of_a_hundred_may_be_slower_than_p99() {
        let samples: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(p99(&samples), Some(198.0));
        assert_eq!(p99(&samples[..99]), None);
    }

    /// The share of `n` coins that show at least `k` and at most `n - k` heads, by counting Pascal's triangle.
    fn coverage(n: usize, k: usize) -> f64 {
        let mut row = vec![1.0_f64];
        for _ in 0..n {
            let mut next = vec![1.0; row.len() + 1];
            for (index, pair) in row.windows(2).enumerate() {
                next[index + 1] = pair[0] + pair[1];
            }
            row = next;
        }
        row[k..=n - k].iter().sum::<f64>() / row.iter().sum::<f64>()
    }

    proptest! {
        #[test]
        fn the_median_halves_the_samples(samples in prop::collection::vec(-1e9..1e9_f64, 1..200)) {
            let median = summarise(&samples).unwrap().median;
            let at_most = samples.iter().filter(|sample| **sample <= median).count();
            let at_least = samples.iter().filter(|sample| **sample >= median).count();
            prop_assert!(2 * at_most >= samples.len() && 2 * at_least >= samples.len());
        }

        #[test]
        fn half_of_the_samples_lie_within_the_mad(samples in prop::collection::vec(-1e9..1e9_f64, 1..200)) {
            let summary = summarise(&samples).unwrap();
            let distance = |sample: &f64| (sample - summary.median).abs();
            let within = samples.iter().filter(|sample| distance(sample) <= summary.mad).count();
            let beyond = samples.iter().filter(|sample| distance(sample) >= summary.mad).count();
            prop_assert!(2 * within >= samples.len() && 2 * beyond >= samples.len());
        }

        #[test]
        fn the_interval_encloses_the_median(samples in prop::collection::vec(0.0..1e12_f64, 1..200)) {
            let summary = summarise(&samples).unwrap();
            prop_assert_eq!(summary.interval.is_some(), samples.len() >= 6);
            if let Some((low, high)) = summary.interval {
                prop_assert!(low <= summary.median && summary.median <= high);
                prop_assert!(samples.contains(&low) && samples.contains(&high));
            }
        }

        #[test]
        fn the_interval_covers_95_percent_and_no_narrower_one_does(n in 6_usize..300) {
            let rank = interval_rank(n).unwrap();
            // From the k-th smallest to the k-th largest: the median lies within if k to n - k samples are below it.
            prop_assert!(coverage(n, rank) >= 0.95 - 1e-9);
            prop_assert!(2 * rank >= n || coverage(n, rank + 1) < 0.95 + 1e-9);
        }

        #[test]
        fn order_does_not_matter_and_scale_carries_through(
            mut samples in prop::collection::vec(-1e6..1e6_f64, 1..60)
        ) {
            let summary = summarise(&samples).unwrap();
            let doubled = summarise(&samples.iter().map(|sample| sample * 2.0).collect::<Vec<_>>()).unwrap();
            prop_assert_eq!((doubled.median, doubled.mad), (summary.median * 2.0, summary.mad * 2.0));
            samples.reverse();
            prop_assert_eq!(summarise(&samples), Some(summary));
        }

        #[test]
        fn outliers_are_samples_and_fewer_than_half(samples in prop::collection::vec(-1e6..1e6_f64, 0..60)) {
            let found = outliers(&samples, 0.02);
            prop_assert!(found.iter().all(|index| *index < samples.len()));
            prop_assert!(2 * found.len() <= samples.len());
        }
    }
}
