//! The ranking: what the store reads for it, and everything that `/` shows of it.

use std::collections::BTreeMap;

use report::measurement::Verdict;
use report::{Component, Timestamp};

use report::kind::DeviceKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::figure::Figure;

/// Ranked is what was measured to half of the weight, with room for rounding.
pub const RANKED_COVERAGE: f64 = 0.499;

/// Which part of the ranking is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RankingQuery {
    /// Only machines of this kind.
    pub kind: Option<DeviceKind>,
    /// By this component instead of the global score; machines without it are not ranked.
    pub by: Option<Component>,
    /// Rows to pass over.
    pub offset: u64,
    /// Rows of the ranking at most, and of each list below it.
    pub limit: u32,
}

/// Everything that `/` shows, of one moment.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// All machines, whatever the filter.
    pub devices: u64,
    /// All benchmarks.
    pub benchmarks: u64,
    /// Machines whose standing is suspect or invalid: what counts for them is not to be trusted.
    pub attention: u64,
    /// One page of the ranking, best first.
    pub ranked: Vec<RankedDevice>,
    /// Length of the whole ranking in this filter.
    pub ranked_total: u64,
    /// Smallest and largest figures in this filter, for the common axes.
    pub extent: Extent,
    /// Machines of this filter that are not ranked: below half of the weight, or without the component.
    pub waiting: Vec<RankedDevice>,
    /// How many those are.
    pub waiting_total: u64,
    /// Machines of this filter whose scores are of another scale, best first, by that scale's name.
    pub others: BTreeMap<String, Vec<RankedDevice>>,
    /// How many those are, by that scale's name.
    pub others_totals: BTreeMap<String, u64>,
}

/// What the axes must reach besides the rows of the page; may be left empty.
#[derive(Clone, Debug, Default)]
pub struct Extent {
    /// Of the figure that is ranked by.
    pub ranked: Vec<f64>,
    /// Of the components.
    pub components: Vec<f64>,
}

/// One machine as it stands.
#[derive(Clone, Debug)]
pub struct RankedDevice {
    /// Its id.
    pub device_id: i64,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: DeviceKind,
    /// Model of the machine, or of its board.
    pub model: Option<String>,
    /// Name of the machine that it runs on.
    pub host: Option<String>,
    /// The global score.
    pub global: Option<Figure>,
    /// The components that count.
    pub components: BTreeMap<Component, Figure>,
    /// The last benchmark.
    pub last: Option<LastBenchmark>,
    /// The last valid global scores, oldest first, at most twelve.
    pub recent: Vec<f64>,
}

/// The newest line of a machine's history.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LastBenchmark {
    /// Its id.
    pub id: i64,
    /// When it was measured.
    #[serde(rename = "effective_at")]
    pub at: Timestamp,
    /// Its own score.
    pub global_score: Option<f64>,
    /// Share of the weight that was measured, 0 to 1.
    pub coverage: f64,
    /// Its verdict.
    pub verdict: Verdict,
    /// The first reason, where the verdict has one.
    pub reason: Option<String>,
    /// True if nothing was to be measured; left out otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inventory_only: bool,
    /// True if a person excluded it: it is the newest all the same, but counts for nothing; left out otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub excluded: bool,
}

impl RankedDevice {
    /// The figure that is ranked by: a component's, or the global score.
    pub fn figure(&self, by: Option<Component>) -> Option<&Figure> {
        match by {
            Some(component) => self.components.get(&component),
            None => self.global.as_ref(),
        }
    }
}

/// Ranks of rows that come best first, the first of them at place `first`. A row whose interval overlaps that of the
/// first row of its group is a tie with it: it takes the same rank, and both say so.
pub(crate) fn ranks(figures: &[&Figure], first: u64) -> Vec<String> {
    let mut leaders: Vec<usize> = Vec::with_capacity(figures.len());
    for (index, figure) in figures.iter().enumerate() {
        let leader = leaders.last().copied().filter(|leader| figure.overlaps(figures[*leader]));
        leaders.push(leader.unwrap_or(index));
    }
    let tied = |index: usize| leaders[index] != index || leaders.get(index + 1) == Some(&index);
    let rank = |index: usize| {
        let place = first + leaders[index] as u64;
        if tied(index) { format!("{place}=") } else { place.to_string() }
    };
    (0..figures.len()).map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::{Figure, ranks};

    fn figure(value: f64, half: f64) -> Figure {
        Figure { value, low: Some(value - half), high: Some(value + half), suspect: false }
    }

    #[test]
    fn overlapping_intervals_share_a_rank() {
        let figures = [figure(140.0, 2.0), figure(118.0, 3.0), figure(114.0, 2.0), figure(90.0, 1.0)];
        assert_eq!(ranks(&figures.each_ref(), 1), ["1", "2=", "2=", "4"]);
    }

    #[test]
    fn a_chain_of_overlaps_does_not_make_everybody_equal() {
        let figures: Vec<Figure> = (0..6).map(|step| figure(120.0 - 4.0 * f64::from(step), 3.0)).collect();
        let figures: Vec<&Figure> = figures.iter().collect();
        assert_eq!(ranks(&figures, 1), ["1=", "1=", "3=", "3=", "5=", "5="]);
    }

    #[test]
    fn later_pages_count_on() {
        assert_eq!(ranks(&[&figure(10.0, 0.1)], 51), ["51"]);
        assert!(ranks(&[], 1).is_empty());
    }
}
