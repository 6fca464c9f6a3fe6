//! Medians of rounds and pairs, few as they are, by the statistics that measurements have.

use report::stats::summarise;

pub(crate) use report::stats::percentile;

/// A median with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The middle sample, or the mean of the two in the middle.
pub(crate) fn median(samples: &[f64]) -> Option<f64> {
    Some(summarise(samples)?.median)
}

/// The median with its interval. Fewer than six samples have none: then it runs from the smallest to the largest.
pub(crate) fn estimate(samples: &[f64]) -> Option<Estimate> {
    let summary = summarise(samples)?;
    let (low, high) = match summary.interval {
        Some(ends) => ends,
        None => (percentile(samples, 0)?, percentile(samples, 100)?),
    };
    Some(Estimate { median: summary.median, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let samples: Vec<f64> = (1..=100).rev().map(f64::from).collect();
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
