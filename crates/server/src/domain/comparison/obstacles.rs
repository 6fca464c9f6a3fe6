//! What keeps two figures from being compared: METHOD.md's section on the score.

use std::collections::BTreeSet;
use std::fmt::Display;

use report::measurement::Verdict;
use report::{Component, Preset};

use super::Obstacle;
use crate::domain::benchmark::{FullBenchmark, ServedMeasurement};

/// What decides whether a figure may be compared with another. Empty where nothing is known: that keeps nobody apart.
#[derive(Default)]
pub(super) struct Conditions<'a> {
    pub(super) verdict: Verdict,
    pub(super) basis: Option<&'a str>,
    /// Of a global score: the components behind it.
    pub(super) components: Option<BTreeSet<Component>>,
    pub(super) excluded: bool,
    presets: BTreeSet<&'static str>,
    test_versions: BTreeSet<u64>,
    threads: BTreeSet<u64>,
    instruction_sets: BTreeSet<&'a str>,
    file_systems: BTreeSet<&'a str>,
    direct: BTreeSet<bool>,
    servers: BTreeSet<&'a str>,
}

impl<'a> Conditions<'a> {
    pub(super) fn add_benchmark(&mut self, benchmark: &FullBenchmark) {
        self.excluded |= benchmark.benchmark.excluded;
        self.presets.extend(benchmark.benchmark.preset.map(Preset::as_str));
    }

    /// Where it was measured: the folder, the server.
    pub(super) fn add_place(&mut self, measurement: &'a ServedMeasurement) {
        self.test_versions.extend(measurement.test_version);
        let Some(params) = &measurement.params else { return };
        match measurement.metric.component() {
            Some(Component::Disk) => {
                self.file_systems.extend(params.fs_type.as_ref().map(|name| name.as_str()));
                self.direct.extend(params.direct);
            }
            Some(Component::Network) => {
                self.servers.extend(params.server.as_ref().map(|server| server.as_str()));
            }
            _ => {}
        }
    }

    /// How it was measured. Scores are there to compare machines that differ in this.
    pub(super) fn add_test(&mut self, measurement: &'a ServedMeasurement) {
        let Some(params) = &measurement.params else { return };
        self.threads.extend(params.threads.map(|threads| threads.get()));
        self.instruction_sets.extend(params.instruction_set.as_ref().map(|name| name.as_str()));
    }
}

/// Why these are not to be compared; empty where they are.
pub(super) fn obstacles(this: (&str, &Conditions<'_>), other: (&str, &Conditions<'_>)) -> Vec<Obstacle> {
    let mut found = Vec::new();
    for (name, conditions) in [other, this] {
        found.extend(untrusted(name, conditions));
    }
    let ((_, a), (_, b)) = (this, other);
    let mut add = |code: &'static str, differs: Option<String>| {
        found.extend(differs.map(|what| Obstacle { code, text: what }));
    };
    add(
        "basis",
        differ(
            "the scores are of different scales",
            &b.basis.into_iter().collect(),
            &a.basis.into_iter().collect(),
        ),
    );
    let components = |set: &Option<BTreeSet<Component>>| set.clone().unwrap_or_default();
    add(
        "components",
        differ("other components were measured", &components(&b.components), &components(&a.components)),
    );
    add("preset", differ("the presets differ", &b.presets, &a.presets));
    add("test_version", differ("the test versions differ", &b.test_versions, &a.test_versions));
    add("threads", differ("the numbers of threads differ", &b.threads, &a.threads));
    add("instruction_set", differ("the instruction sets differ", &b.instruction_sets, &a.instruction_sets));
    add("fs_type", differ("the file systems differ", &b.file_systems, &a.file_systems));
    let direct = differ("", &b.direct, &a.direct);
    add(
        "direct",
        direct.map(|_| "one was measured past the page cache, and the other through it".to_owned()),
    );
    // The public is not told addresses.
    let servers = differ("", &b.servers, &a.servers);
    add("server", servers.map(|_| "they were measured against different servers".to_owned()));
    found
}

fn untrusted(name: &str, conditions: &Conditions<'_>) -> Option<Obstacle> {
    if conditions.excluded {
        return Some(Obstacle { code: "excluded", text: format!("the benchmark of {name} was excluded") });
    }
    match conditions.verdict {
        Verdict::Valid => None,
        Verdict::Suspect => {
            Some(Obstacle { code: "suspect", text: format!("the figure of {name} is suspect") })
        }
        Verdict::Invalid => {
            Some(Obstacle { code: "invalid", text: format!("the figure of {name} is invalid") })
        }
    }
}

/// What differs, with both; what is not known on one side does not.
fn differ<T: Ord + Display>(what: &str, first: &BTreeSet<T>, other: &BTreeSet<T>) -> Option<String> {
    if first.is_empty() || other.is_empty() || first == other {
        return None;
    }
    let list = |set: &BTreeSet<T>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    Some(format!("{what} ({}, {})", list(first), list(other)))
}
