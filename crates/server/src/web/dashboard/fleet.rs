//! What the dashboard must know of the machines.

use std::collections::BTreeMap;

use report::measurement::Verdict;
use report::{Component, Timestamp};

use crate::web::figure::Figure;
use crate::web::kind::Kind;

/// Everything that `/` shows, of one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fleet {
    /// All machines, whatever the filter.
    pub(crate) devices: u64,
    /// All benchmarks.
    pub(crate) benchmarks: u64,
    /// Machines whose last benchmark is suspect or invalid.
    pub(crate) attention: u64,
    /// One page of the ranking, best first.
    pub(crate) ranked: Vec<Standing>,
    /// Length of the whole ranking in this filter.
    pub(crate) ranked_total: u64,
    /// Smallest and largest global score in this filter, and of any component, for the common axes.
    pub(crate) extent: Extent,
    /// Machines of this filter that are not ranked yet.
    pub(crate) waiting: Vec<Standing>,
    /// How many those are.
    pub(crate) waiting_total: u64,
    /// Machines whose scores are of another scale, by that scale's name.
    pub(crate) others: BTreeMap<String, Vec<Standing>>,
}

/// What the axes must reach besides the rows of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extent {
    /// Of the figure that is ranked by.
    pub(crate) ranked: Vec<f64>,
    /// Of the components.
    pub(crate) components: Vec<f64>,
}

/// One machine as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// Its id.
    pub(crate) device_id: i64,
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: Kind,
    /// Model of the machine, or of its board.
    pub(crate) model: Option<String>,
    /// Name of the machine that it runs on.
    pub(crate) host: Option<String>,
    /// The global score.
    pub(crate) global: Option<Figure>,
    /// The components that count.
    pub(crate) components: BTreeMap<Component, Figure>,
    /// The last benchmark.
    pub(crate) last: Option<LastBenchmark>,
    /// The last valid global scores, oldest first, at most twelve.
    pub(crate) recent: Vec<f64>,
}

/// The newest line of a machine's history.
#[derive(Clone, Debug)]
pub(crate) struct LastBenchmark {
    /// When it was measured.
    pub(crate) at: Timestamp,
    /// Its verdict.
    pub(crate) verdict: Verdict,
    /// The first reason, where the verdict has one.
    pub(crate) reason: Option<String>,
}

impl Standing {
    /// The figure that is ranked by: a component's, or the global score.
    pub(crate) fn figure(&self, by: Option<Component>) -> Option<&Figure> {
        match by {
            Some(component) => self.components.get(&component),
            None => self.global.as_ref(),
        }
    }
}
