//! The five components of a machine: score, rail, the figure that people know, and what speaks against it.

use std::collections::BTreeMap;

use report::Component;
use report::measurement::Verdict;

use super::missing::missing_text;
use crate::domain::device_page::{ComponentState, DevicePage as Machine};
use crate::domain::standing::is_unscored;
use crate::web::axis::Axis;
use crate::web::evidence;
use crate::web::figure::{self, Figure};
use crate::web::numbers::with_unit;
use crate::web::rail::{Rail, component_name};
use crate::web::verdict::{Mark, advice, reason_text};
use crate::web::words::Words;

/// One row of the table.
pub(crate) struct ComponentRow {
    /// Name of the component.
    pub(crate) name: String,
    /// Its score, or a dash.
    pub(crate) score: String,
    /// `± 3`.
    pub(crate) plus_minus: Option<String>,
    /// Its score as a drawing.
    pub(crate) rail: Option<Rail>,
    /// `3.1 GB/s read, 2.0 GB/s write`.
    pub(crate) known: String,
    /// Its mark, where it is not valid.
    pub(crate) mark: Option<Mark>,
    /// Reasons with evidence and advice.
    pub(crate) notes: Vec<String>,
}

/// The axis that the head and the five rows share.
pub(crate) fn axis(machine: &Machine) -> Axis {
    let figures = machine.components.values().filter_map(|state| state.figure.as_ref());
    Axis::over(figures.chain(machine.global.as_ref()).flat_map(Figure::extent))
}

/// All five, in order.
pub(crate) fn rows(words: &Words, machine: &Machine, axis: Axis) -> Vec<ComponentRow> {
    let row = |component| {
        let name = component_name(words, component);
        let state = machine.components.get(&component).cloned().unwrap_or_default();
        let figure = state.figure;
        ComponentRow {
            score: figure.map_or_else(|| "–".to_owned(), |figure| figure::text(words, &figure)),
            plus_minus: figure.and_then(|figure| figure::plus_minus(words, &figure)),
            rail: figure.map(|figure| Rail::new(words, axis, &name, &figure)),
            known: known_figures(words, component, &state.metrics),
            mark: mark(words, &state),
            notes: notes(words, machine, component, &state),
            name,
        }
    };
    Component::ALL.map(row).into()
}

fn mark(words: &Words, state: &ComponentState) -> Option<Mark> {
    // Why it has no score is no reason to doubt the figure.
    let doubts = |code: &&str| state.verdict == Verdict::Valid || !is_unscored(code);
    let codes = state.reasons.iter().map(|(code, _)| code.as_str());
    Mark::new(words, state.verdict, codes.clone().find(doubts).or_else(|| codes.clone().next()))
}

fn notes(words: &Words, machine: &Machine, component: Component, state: &ComponentState) -> Vec<String> {
    let mut notes: Vec<String> = state
        .reasons
        .iter()
        .map(|(code, english)| {
            let mut text = reason_text(words, code);
            let told = english.as_deref().and_then(|english| evidence::evidence(words.language(), english));
            if let Some(evidence) = told {
                text = format!("{text} ({evidence})");
            }
            let help = advice(words, code).map(|advice| format!(". {advice}"));
            format!("{text}{}", help.unwrap_or_default())
        })
        .collect();
    if state.figure.is_none() && state.verdict == Verdict::Valid {
        let path = format!("results.{component}");
        let missing = machine.missing.iter().filter(|missing| missing.path.as_str() == path);
        notes.extend(missing.map(|missing| missing_text(words, missing)));
    }
    notes
}

/// The figures that people compare by hand, in their natural units.
fn known_figures(words: &Words, component: Component, metrics: &BTreeMap<String, f64>) -> String {
    let figure = |key: &str, metric: &str, unit: fn(&Words, f64) -> String| {
        let value = *metrics.get(metric)?;
        Some(words.with(key, &[("value", unit(words, value).into())]))
    };
    let figures = match component {
        Component::Cpu => vec![
            figure("known-one-thread", "cpu.events_per_sec_single", events),
            figure("known-all-threads", "cpu.events_per_sec_multi", events),
        ],
        Component::Memory => vec![
            figure("known-bandwidth", "memory.throughput_mib_s", mib_s),
            figure("known-latency", "memory.latency_ns", |words, ns| with_unit(words.language(), ns, "ns")),
        ],
        Component::Disk => {
            vec![figure("known-read", "disk.read_mb_s", mb_s), figure("known-write", "disk.write_mb_s", mb_s)]
        }
        Component::Network => vec![
            figure("known-download", "network.download_mbps", mbit_s),
            figure("known-upload", "network.upload_mbps", mbit_s),
            figure("known-ping", "network.ping_ms", |words, ms| with_unit(words.language(), ms, "ms")),
        ],
        Component::Gpu => Vec::new(),
    };
    figures.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn events(words: &Words, value: f64) -> String {
    with_unit(words.language(), value, "events/s")
}

fn mib_s(words: &Words, value: f64) -> String {
    if value >= 1_024.0 {
        return with_unit(words.language(), value / 1_024.0, "GiB/s");
    }
    with_unit(words.language(), value, "MiB/s")
}

fn mb_s(words: &Words, value: f64) -> String {
    if value >= 1_000.0 {
        return with_unit(words.language(), value / 1_000.0, "GB/s");
    }
    with_unit(words.language(), value, "MB/s")
}

fn mbit_s(words: &Words, value: f64) -> String {
    if value >= 1_000.0 {
        return with_unit(words.language(), value / 1_000.0, "Gbit/s");
    }
    with_unit(words.language(), value, "Mbit/s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn what_keeps_a_component_out_of_the_score_is_no_doubt() {
        let words = Words::of(Language::English);
        let of = |verdict, codes: &[&str]| {
            let reasons = codes.iter().map(|code| ((*code).to_owned(), None)).collect();
            mark(words, &ComponentState { verdict, reasons, ..Default::default() })
        };
        let suspect = |code| Mark::new(words, Verdict::Suspect, Some(code));
        assert_eq!(of(Verdict::Suspect, &["same_host", "busy"]), suspect("busy"));
        assert_eq!(of(Verdict::Suspect, &["same_host"]), suspect("same_host"));
        let valid = Mark::new(words, Verdict::Valid, Some("same_host"));
        assert_eq!(of(Verdict::Valid, &["same_host"]), valid);
    }
}
