//! What the page of one machine must know of it.

use std::collections::BTreeMap;

use report::hardware::Hardware;
use report::measurement::Verdict;
use report::missing::Missing;
use report::{Component, Preset, Timestamp};

use crate::web::figure::Figure;
use crate::web::kind::Kind;

/// Everything that the page shows, of one moment.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    /// Its id.
    pub(crate) id: i64,
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: Kind,
    /// Model of the machine, or of its board.
    pub(crate) model: Option<String>,
    /// Id and name of the machine that it runs on.
    pub(crate) host: Option<(i64, String)>,
    /// Its global score.
    pub(crate) global: Option<Figure>,
    /// Scale of its scores: `v0`, or `client`.
    pub(crate) basis: String,
    /// Its components: what counts, and what does not and why.
    pub(crate) components: BTreeMap<Component, ComponentState>,
    /// The hardware as last read, facts and readings.
    pub(crate) hardware: Hardware,
    /// When the hardware was last read.
    pub(crate) read_at: Option<Timestamp>,
    /// What could not be read or run.
    pub(crate) missing: Vec<Missing>,
    /// The newest benchmarks, newest first.
    pub(crate) benchmarks: Vec<HistoryLine>,
    /// How many there are.
    pub(crate) benchmarks_total: u64,
}

/// How one component stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct ComponentState {
    /// Its score, if it counts.
    pub(crate) figure: Option<Figure>,
    /// Its verdict.
    pub(crate) verdict: Verdict,
    /// Code and evidence of what speaks against it, or is worth knowing.
    pub(crate) reasons: Vec<(String, Option<String>)>,
    /// Figures by metric id, from the benchmark that the score comes from.
    pub(crate) metrics: BTreeMap<String, f64>,
}

/// One benchmark in the history.
#[derive(Clone, Debug)]
pub(crate) struct HistoryLine {
    /// When it was measured.
    pub(crate) at: Timestamp,
    /// How long it could take.
    pub(crate) preset: Option<Preset>,
    /// Its global score.
    pub(crate) global: Option<Figure>,
    /// The components that count.
    pub(crate) measured: Vec<Component>,
    /// Its verdict.
    pub(crate) verdict: Verdict,
    /// The first reason.
    pub(crate) reason: Option<String>,
    /// Free text of whoever measured.
    pub(crate) label: Option<String>,
}
