//! What the store reads for the page of one machine.

use std::collections::BTreeMap;

use report::hardware::Hardware;
use report::measurement::Verdict;
use report::missing::Missing;
use report::{Component, Preset, Timestamp};

use report::kind::DeviceKind;

use super::figure::Figure;

/// Everything that the page shows, of one moment.
#[derive(Clone, Debug)]
pub struct DevicePage {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: DeviceKind,
    /// Model of the machine, or of its board.
    pub model: Option<String>,
    /// Id and name of the machine that it runs on.
    pub host: Option<(i64, String)>,
    /// What the keys of its reports say, each with id and name of the other machine, if it is about one.
    pub hints: Vec<(String, Option<(i64, String)>)>,
    /// Its global score.
    pub global: Option<Figure>,
    /// Scale of its scores: `v0`, or `client`.
    pub basis: String,
    /// Its components: what counts, and what does not and why.
    pub components: BTreeMap<Component, ComponentState>,
    /// The hardware as last read, facts and readings.
    pub hardware: Hardware,
    /// When the hardware was last read.
    pub read_at: Option<Timestamp>,
    /// What could not be read or run.
    pub missing: Vec<Missing>,
    /// The newest benchmarks, newest first.
    pub benchmarks: Vec<HistoryLine>,
    /// How many there are.
    pub benchmarks_total: u64,
}

/// How one component stands.
#[derive(Clone, Debug, Default)]
pub struct ComponentState {
    /// Its score, if it counts.
    pub figure: Option<Figure>,
    /// Its verdict.
    pub verdict: Verdict,
    /// Code and evidence of what speaks against it, or is worth knowing.
    pub reasons: Vec<(String, Option<String>)>,
    /// Figures by metric id, from the benchmark that the score comes from.
    pub metrics: BTreeMap<String, f64>,
}

/// One benchmark in the history.
#[derive(Clone, Debug)]
pub struct HistoryLine {
    /// When it was measured.
    pub at: Timestamp,
    /// How long it could take.
    pub preset: Option<Preset>,
    /// Its global score.
    pub global: Option<Figure>,
    /// The components that count.
    pub measured: Vec<Component>,
    /// Its verdict.
    pub verdict: Verdict,
    /// The first reason.
    pub reason: Option<String>,
    /// Free text of whoever measured.
    pub label: Option<String>,
}
