//! The page of one machine as text.

use askama::Template;
use report::Timestamp;

use super::components::{ComponentRow, axis, rows};
use super::hardware::sections;
use super::history::{self, HistoryRow};
use super::section::Section;
use crate::domain::device_page::DevicePage as Machine;
use crate::web::command::Command;
use crate::web::coverage::Coverage;
use crate::web::dates;
use crate::web::device_link::device_link;
use crate::web::figure;
use crate::web::frame::Frame;
use crate::web::kind::chip;
use crate::web::rail::{AxisHead, Rail};
use crate::web::visitor::Visitor;
use crate::web::words::Words;

/// The page `/devices/{id}-{slug}`.
#[derive(Template)]
#[template(path = "device.html")]
pub(crate) struct DevicePage {
    frame: Frame,
    name: String,
    kind: String,
    model: Option<String>,
    host: Option<Host>,
    hints: Vec<Hint>,
    score: Option<Score>,
    command: Command,
    axis: AxisHead,
    components: Vec<ComponentRow>,
    sections: Vec<Section>,
    read_at: Option<String>,
    history: Vec<HistoryRow>,
    history_title: String,
    below_history: Option<String>,
}

/// The machine that this one runs on.
struct Host {
    link: String,
    text: String,
}

/// What to look into, and the machine that it is about.
struct Hint {
    link: Option<String>,
    text: String,
}

/// The global score, large.
struct Score {
    text: String,
    plus_minus: Option<String>,
    rail: Rail,
    coverage: Coverage,
    coverage_text: String,
    suspect: bool,
    basis: Option<String>,
}

impl DevicePage {
    /// Puts the page together; `base` is the address under which machines reach this server.
    pub(crate) fn new(visitor: &Visitor, machine: &Machine, base: &str, now: Timestamp) -> Self {
        let words = visitor.words();
        let axis = axis(machine);
        Self {
            frame: Frame::new(visitor, &machine.name),
            name: machine.name.clone(),
            kind: chip(words, machine.kind),
            model: machine.model.clone(),
            host: machine.host.as_ref().map(|(id, name)| Host {
                link: device_link(*id, name),
                text: words.with("on-host", &[("host", name.as_str().into())]),
            }),
            hints: machine
                .hints
                .iter()
                .filter_map(|(kind, other)| Hint::new(words, kind, other.as_ref()))
                .collect(),
            score: Score::new(words, machine, axis),
            command: Command::new(base, Some(&machine.name)),
            axis: AxisHead::new(words, axis),
            components: rows(words, machine, axis),
            sections: sections(words, machine),
            read_at: machine
                .read_at
                .map(|at| words.with("read-at", &[("ago", dates::ago(words, now, at).into())])),
            history: history::rows(words, machine),
            history_title: words.count("history", machine.benchmarks_total),
            below_history: history::below(words, machine),
        }
    }
}

impl Hint {
    /// A kind that this version does not know is not shown.
    fn new(words: &Words, kind: &str, other: Option<&(i64, String)>) -> Option<Self> {
        let key = match kind {
            "board_changed" => return Some(Self { link: None, text: words.t("hint-board-changed") }),
            "same_hardware_as" => "hint-same-hardware",
            "copy_of" => "hint-copy",
            "merge_with" => "hint-merge",
            "keys_point_to" => "hint-keys",
            _ => return None,
        };
        let (id, name) = other?;
        let text = words.with(key, &[("name", name.as_str().into())]);
        Some(Self { link: Some(device_link(*id, name)), text })
    }
}

impl Score {
    fn new(words: &Words, machine: &Machine, axis: crate::web::axis::Axis) -> Option<Self> {
        let figure = machine.global?;
        let counts =
            |component| machine.components.get(&component).is_some_and(|state| state.figure.is_some());
        let coverage = Coverage::new(words, counts);
        Some(Self {
            text: figure::text(words, &figure),
            plus_minus: figure::plus_minus(words, &figure),
            rail: Rail::new(words, axis, &machine.name, &figure),
            coverage_text: coverage.label().to_owned(),
            coverage,
            suspect: figure.suspect,
            basis: (machine.basis == "client").then(|| words.t("basis-client")),
        })
    }
}
