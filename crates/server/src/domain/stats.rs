//! What all machines together come to.

use report::Timestamp;
use report::measurement::Verdict;
use serde::Serialize;
use utoipa::ToSchema;

/// Counts, and how the scores lie.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stats {
    /// All machines.
    pub devices: u64,
    /// All benchmarks.
    pub benchmarks: u64,
    /// All hardware snapshots.
    pub snapshots: u64,
    /// The scores of the ranking.
    pub score: ScoreStats,
    /// The newest benchmark of all.
    pub last_benchmark: Option<NewestBenchmark>,
}

/// How the global scores of the ranked machines' standings lie.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ScoreStats {
    /// Scale of the scores.
    pub score_basis: &'static str,
    /// How many machines are ranked.
    pub ranked: u64,
    /// A quarter of them is below.
    pub q1: Option<f64>,
    /// Half of them is below.
    pub median: Option<f64>,
    /// A quarter of them is above.
    pub q3: Option<f64>,
}

/// The newest benchmark, and whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewestBenchmark {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub device_id: i64,
    /// What that is called.
    pub device_name: String,
    /// When it was measured.
    pub effective_at: Timestamp,
    /// Its score.
    pub global_score: Option<f64>,
    /// Share of the weight that was measured, 0 to 1.
    pub coverage: f64,
    /// Its verdict.
    pub verdict: Verdict,
    /// A person took it out of what counts.
    pub excluded: bool,
}

/// A quantile of a sorted list: the weighted mean of two neighbours (R's and NumPy's default, Hyndman & Fan's type 7).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// Place of the lower neighbour, from 0.
    pub below: u64,
    /// How far the quantile lies towards the next one, 0 to 1.
    pub towards: f64,
}

impl Quantile {
    /// The quantile at so many quarters of a list of that length, which is not empty.
    pub fn quarters(quarters: u64, length: u64) -> Self {
        let quarter_steps = quarters * (length - 1);
        Self { below: quarter_steps / 4, towards: (quarter_steps % 4) as f64 / 4.0 }
    }

    /// The value between both neighbours.
    pub fn between(self, low: f64, high: f64) -> f64 {
        low + self.towards * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::Quantile;

    fn quantile(quarters: u64, sorted: &[f64]) -> f64 {
        let quantile = Quantile::quarters(quarters, sorted.len() as u64);
        let low = sorted[quantile.below as usize];
        quantile.between(low, *sorted.get(quantile.below as usize + 1).unwrap_or(&low))
    }

    #[test]
    fn quarters_of_short_lists() {
        for (sorted, expected) in [
            (&[7.0][..], [7.0, 7.0, 7.0]),
            (&[1.0, 2.0], [1.25, 1.5, 1.75]),
            (&[1.0, 2.0, 4.0], [1.5, 2.0, 3.0]),
            (&[1.0, 2.0, 4.0, 8.0, 16.0], [2.0, 4.0, 8.0]),
        ] {
            assert_eq!([1, 2, 3].map(|quarters| quantile(quarters, sorted)), expected, "{sorted:?}");
        }
    }
}
