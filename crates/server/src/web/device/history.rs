//! The benchmarks of a machine, newest first.

use crate::domain::device_page::{DevicePage as Machine, HistoryLine};
use crate::web::coverage::Coverage;
use crate::web::dates;
use crate::web::figure;
use crate::web::verdict::Mark;
use crate::web::words::Words;

/// One line of the table.
pub(crate) struct HistoryRow {
    /// For programs.
    pub(crate) machine_time: String,
    /// Day and time.
    pub(crate) when: String,
    /// How long it could take.
    pub(crate) preset: String,
    /// The score, or a dash.
    pub(crate) score: String,
    /// `± 3`.
    pub(crate) plus_minus: Option<String>,
    /// How much was measured.
    pub(crate) coverage: Coverage,
    /// `valid`, or the mark with its reason.
    pub(crate) verdict: Mark,
    /// Free text of whoever measured.
    pub(crate) label: String,
}

/// The lines.
pub(crate) fn rows(words: &Words, machine: &Machine) -> Vec<HistoryRow> {
    machine.benchmarks.iter().map(|line| row(words, line)).collect()
}

/// What stands below the table: that there is more, or that one is no history.
pub(crate) fn below(words: &Words, machine: &Machine) -> Option<String> {
    let more = machine.benchmarks_total.saturating_sub(machine.benchmarks.len() as u64);
    match machine.benchmarks_total {
        1 => Some(words.t("history-second")),
        _ if more > 0 => Some(words.count("older-benchmarks", more)),
        _ => None,
    }
}

fn row(words: &Words, line: &HistoryLine) -> HistoryRow {
    let valid = Mark { class: "", sign: "", text: words.t("verdict-valid") };
    HistoryRow {
        machine_time: line.at.to_string(),
        when: dates::minute(words.language(), line.at),
        preset: line.preset.map(|preset| words.t(&format!("preset-{}", preset.as_str()))).unwrap_or_default(),
        score: line.global.map_or_else(|| "–".to_owned(), |figure| figure::text(words, &figure)),
        plus_minus: line.global.and_then(|figure| figure::plus_minus(words, &figure)),
        coverage: Coverage::new(words, |component| line.measured.contains(&component)),
        verdict: Mark::new(words, line.verdict, line.reason.as_deref()).unwrap_or(valid),
        label: line.label.clone().unwrap_or_default(),
    }
}
