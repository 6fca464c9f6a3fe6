//! Devices that have something in common, and how their scores lie.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stats::Quantile;

/// What devices have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// The hardware model.
    Model,
    /// The kind.
    Kind,
    /// Where they stand.
    Location,
    /// A tag; a device with two is in two groups.
    Tag,
    /// What they are used for.
    Status,
}

/// The groups, the largest first; devices without what makes a group are in none.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeviceGroups {
    /// What those of a group have in common.
    pub by: GroupBy,
    /// At most [`DeviceGroups::MOST`] of them.
    #[schema(max_items = 500)]
    pub items: Vec<DeviceGroup>,
    /// How many there are.
    pub total: u64,
}

impl DeviceGroups {
    /// As many are listed.
    pub const MOST: u32 = 500;
}

/// A group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeviceGroup {
    /// What the filter of the list takes to show it.
    pub key: String,
    /// The same to read.
    pub label: String,
    /// How many devices.
    pub count: u64,
    /// Their global scores.
    pub score: GroupScore,
}

/// How the global scores of the ranked devices of a group lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct GroupScore {
    /// How many of them are ranked, on the current scale.
    pub ranked: u64,
    /// A quarter is below.
    pub q1: Option<f64>,
    /// Half of them is below.
    pub median: Option<f64>,
    /// A quarter is above.
    pub q3: Option<f64>,
    /// How far apart the middle half is, as a share of the median.
    pub spread: Option<f64>,
}

impl GroupScore {
    /// From the length of the sorted list of scores, and those of them (place from 1, score) that its quartiles lie between.
    pub fn of(ranked: u64, found: &[(u64, f64)]) -> Self {
        let score = |place: u64| found.iter().find(|(found, _)| *found == place + 1).map(|(_, score)| *score);
        let quartile = |quarters: u64| {
            let quantile = Quantile::quarters(quarters, ranked.max(1));
            let low = score(quantile.below)?;
            Some(quantile.between(low, score(quantile.below + 1).unwrap_or(low)))
        };
        let (q1, median, q3) = (quartile(1), quartile(2), quartile(3));
        let spread = || Some((q3? - q1?) / median.filter(|median| *median > 0.0)?);
        Self { ranked, q1, median, q3, spread: spread() }
    }
}

/// A device among those of its hardware model.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Siblings {
    /// What they share.
    pub model_key: String,
    /// How many they are, this one included.
    pub count: u64,
    /// Place of this one by its score among those that are ranked, from 1; `None` where it is not ranked itself.
    pub rank: Option<u64>,
    /// How many of them are ranked.
    pub ranked: u64,
    /// Median of their scores.
    pub median: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_come_from_the_scores_around_them() {
        let none = GroupScore::of(0, &[]);
        assert_eq!(none, GroupScore::default());
        let one = GroupScore::of(1, &[(1, 50.0)]);
        assert_eq!((one.q1, one.median, one.q3, one.spread), (Some(50.0), Some(50.0), Some(50.0), Some(0.0)));
        let five: Vec<(u64, f64)> = (1..).zip([1.0, 2.0, 4.0, 8.0, 16.0]).collect();
        let five = GroupScore::of(5, &five);
        assert_eq!(
            (five.q1, five.median, five.q3, five.spread),
            (Some(2.0), Some(4.0), Some(8.0), Some(1.5))
        );
        let two = GroupScore::of(2, &[(1, 1.0), (2, 2.0)]);
        assert_eq!((two.q1, two.median, two.q3), (Some(1.25), Some(1.5), Some(1.75)));
    }
}
