//! Which devices a list shows, and in which order.

use report::DeviceKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::fold::fold;
use super::typed::Status;

/// Which devices, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceQuery {
    /// Folded; each is found in what the device is found by.
    pub words: Vec<String>,
    /// Folded; it has each.
    pub tags: Vec<String>,
    /// Of that kind, as it counts.
    pub kind: Option<DeviceKind>,
    /// Used for that.
    pub status: Option<Status>,
    /// There.
    pub location: Option<String>,
    /// Of that model, as it is shown or folded.
    pub model: Option<String>,
    /// What they are sorted by.
    pub sort: DeviceSort,
    /// The largest first.
    pub descending: bool,
    /// For those who may not see what is private: they do not find by it either.
    pub public: bool,
}

/// What devices are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSort {
    /// The name, without regard to case and accents.
    #[default]
    Name,
    /// The logical name that reports carry, by bytes.
    DeviceIdentifier,
    /// The kind.
    Kind,
    /// What it is used for.
    Status,
    /// Where it stands.
    Location,
    /// The global score; those without come first.
    Score,
    /// When it was last measured.
    LastBenchmarkAt,
    /// When it was first heard of.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
}

impl DeviceQuery {
    /// The words of a search, each once.
    pub fn words_of(search: &str) -> Vec<String> {
        let folded = fold(search);
        let mut words: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_words_without_case_and_accents() {
        assert_eq!(DeviceQuery::words_of(" Büro  NAS büro 50% "), ["50%", "buro", "nas"]);
        assert!(DeviceQuery::words_of(" \t").is_empty());
    }
}
