//! Text columns and what they mean.

use report::measurement::Verdict;
use report::{MetricId, Preset};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::value::Columns;
use crate::domain::device::DeviceHint;
use crate::domain::figure::Figure;
use crate::domain::ranking::LastBenchmark;

/// The verdict of that name; what is unknown is not trusted.
pub(super) fn verdict(name: &str) -> Verdict {
    match name {
        "valid" => Verdict::Valid,
        "suspect" => Verdict::Suspect,
        _ => Verdict::Invalid,
    }
}

/// A JSON column's text.
pub(super) fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// What a JSON column holds.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A device's last benchmark, as its column has it.
pub(super) fn last_benchmark(text: Option<&str>) -> Result<Option<LastBenchmark>, sqlx::Error> {
    text.map(from_json).transpose()
}

/// A device's hints, as their column has them.
pub(super) fn hints(text: &str) -> Result<Vec<DeviceHint>, sqlx::Error> {
    let hints: Vec<String> = from_json(text)?;
    Ok(hints.iter().map(|hint| DeviceHint::from_stored(hint)).collect())
}

/// Hints, for their column.
pub(super) fn hints_json(hints: &[DeviceHint]) -> Result<String, sqlx::Error> {
    json(&hints.iter().map(DeviceHint::to_stored).collect::<Vec<_>>())
}

/// The next four columns: the global score, both ends of its interval, and the verdict.
pub(super) fn global(columns: &mut Columns<'_>) -> Result<(Option<Figure>, Verdict), sqlx::Error> {
    let (value, low, high): (Option<f64>, _, _) = (columns.next()?, columns.next()?, columns.next()?);
    let verdict = verdict(&columns.next::<String>()?);
    let suspect = verdict != Verdict::Valid;
    Ok((value.map(|value| Figure { value, low, high, suspect }), verdict))
}

/// A count; the database knows none below zero.
pub(super) fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// The kind of that name; rows hold no other.
pub(super) fn kind(name: &str) -> report::DeviceKind {
    report::DeviceKind::from_name(name).unwrap_or(report::DeviceKind::BareMetal)
}

/// The preset of that name.
pub(super) fn preset(name: &str) -> Option<Preset> {
    [Preset::Short, Preset::Normal, Preset::Thorough].into_iter().find(|preset| preset.as_str() == name)
}

/// The metric of that id; rows hold no other.
pub(super) fn metric_id(text: &str) -> Result<MetricId, StoreError> {
    MetricId::new(text).map_err(|error| StoreError::Corrupt(format!("{text}: {error}")))
}
