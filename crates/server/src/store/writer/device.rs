//! A device, as its row has it, and what benchmarks make of it.

use std::collections::BTreeMap;

use report::identity::Claim;
use report::missing::Missing;
use report::score::{Basis, ComponentScore, global};
use report::verdict::Verdict;
use report::{Component, DeviceKind, Preset, Timestamp};

use super::super::bulk::Bulk;
use super::super::stored;
use super::super::value::{Columns, Row, Value};
use crate::domain::device::DeviceHint;
use crate::domain::ranking::LastBenchmark;
use crate::domain::shown::Shown;
use crate::domain::standing::{ComponentResult, Evidence, Standing, inventory_only, worst_reason};
use crate::domain::submission::{Described, Reported, Submission};
use crate::domain::typed::Typed;

/// Valid scores that the ranking draws as a line.
const RECENT: usize = 12;

/// A device, as its row has it.
pub(super) struct Device {
    pub(super) id: i64,
    pub(super) device_identifier: String,
    /// What people typed: no report touches it.
    pub(super) typed: Typed,
    /// Moves with what people typed.
    pub(super) version: i64,
    /// What people typed is not what was loaded.
    pub(super) retyped: bool,
    /// What its row and the tables beside it show.
    pub(super) stored: Stored,
    /// When the newest report was measured, those of this batch included.
    pub(super) newest_at: Option<Timestamp>,
    pub(super) snapshot_id: Option<i64>,
    /// What the newest report said of the hardware.
    pub(super) facts_seen: Option<Vec<u8>>,
    pub(super) name_explicit: bool,
    pub(super) kind: DeviceKind,
    pub(super) hosted_on: Option<i64>,
    pub(super) reported: Reported,
    pub(super) hints: Vec<DeviceHint>,
    standing: Standing,
    recent: Vec<(i64, f64)>,
    benchmarks: i64,
    last: Option<LastBenchmark>,
    pub(super) updated_at: i64,
}

/// What lists show, find and sort a device by, as it is stored.
pub(super) enum Stored {
    /// What counts of it: none of that changed since it was loaded, as with most reports.
    AsItIs,
    /// This, before it changed.
    Was(Box<Shown>),
    /// Has to be written anew.
    Unknown,
}

/// The first statement on a device is an update: it locks the row on PostgreSQL too.
pub(super) const LOCK: Bulk = Bulk::any_of(
    "update devices set updated_at = updated_at where id in",
    "returning id, device_identifier, name_explicit, kind, hosted_on, reported_json, hints_json, standing_json, \
     recent_json, benchmarks, last_benchmark_json, snapshot_id, facts_seen, updated_at, typed_json, version",
);
/// Columns of [`SAVE`].
pub(super) const SAVED: usize = 26;

pub(super) const SAVE: Bulk = Bulk::rows(
    "with v (id, name_explicit, kind, hosted_on, reported_json, hints_json, standing_json, recent_json, basis, \
     global_score, global_low, global_high, cpu_score, memory_score, disk_score, network_score, gpu_score, coverage, \
     verdict, benchmarks, last_benchmark_json, last_benchmark_at, snapshot_id, facts_seen, updated_at, score_key) \
     as (values",
    SAVED,
    ") update devices set name_explicit = v.name_explicit, kind = v.kind, hosted_on = v.hosted_on, \
     reported_json = v.reported_json, hints_json = v.hints_json, standing_json = v.standing_json, \
     recent_json = v.recent_json, basis = v.basis, global_score = v.global_score, global_low = v.global_low, \
     global_high = v.global_high, cpu_score = v.cpu_score, memory_score = v.memory_score, \
     disk_score = v.disk_score, network_score = v.network_score, gpu_score = v.gpu_score, coverage = v.coverage, \
     verdict = v.verdict, benchmarks = v.benchmarks, last_benchmark_json = v.last_benchmark_json, \
     last_benchmark_at = v.last_benchmark_at, snapshot_id = v.snapshot_id, facts_seen = v.facts_seen, \
     updated_at = v.updated_at, score_key = v.score_key from v where devices.id = v.id",
);

impl Device {
    pub(super) fn new(id: i64, device_identifier: String, submission: &Submission) -> Self {
        let Claim { kind, name_explicit, .. } = submission.claim;
        let made = Self::typed(id, device_identifier, kind, Typed::default(), submission.received_at);
        Self { name_explicit, retyped: false, ..made }
    }

    /// A device that a person makes; what is stored of it has to be written yet.
    pub(super) fn typed(
        id: i64,
        device_identifier: String,
        kind: DeviceKind,
        typed: Typed,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            device_identifier,
            typed,
            version: 1,
            retyped: true,
            stored: Stored::Unknown,
            newest_at: None,
            snapshot_id: None,
            facts_seen: None,
            name_explicit: false,
            kind,
            hosted_on: None,
            reported: Reported::default(),
            hints: Vec::new(),
            standing: Standing::default(),
            recent: Vec::new(),
            benchmarks: 0,
            last: None,
            updated_at: at.as_ms(),
        }
    }

    pub(super) fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        let mut columns = Columns::of(row);
        let mut device = Self {
            id: columns.next()?,
            device_identifier: columns.next()?,
            name_explicit: columns.next::<i64>()? != 0,
            kind: stored::kind(&columns.next::<String>()?),
            hosted_on: columns.next()?,
            reported: stored::from_json(&columns.next::<String>()?)?,
            hints: stored::hints(&columns.next::<String>()?)?,
            standing: stored::from_json(&columns.next::<String>()?)?,
            recent: stored::from_json(&columns.next::<String>()?)?,
            benchmarks: columns.next()?,
            last: stored::last_benchmark(columns.next::<Option<String>>()?.as_deref())?,
            snapshot_id: columns.next()?,
            facts_seen: columns.next()?,
            updated_at: columns.next()?,
            typed: stored::from_json(&columns.next::<String>()?)?,
            version: columns.next()?,
            retyped: false,
            stored: Stored::AsItIs,
            newest_at: None,
        };
        device.newest_at = device.last.as_ref().map(|last| last.at);
        Ok(device)
    }

    /// What counts of it now.
    pub(super) fn shown(&self) -> Shown {
        Shown::of(&self.device_identifier, self.kind, &self.reported, &self.typed)
    }

    /// To be called before anything changes that [`Device::shown`] is made of.
    fn changes(&mut self) {
        if matches!(self.stored, Stored::AsItIs) {
            self.stored = Stored::Was(Box::new(self.shown()));
        }
    }

    /// What people typed becomes this; true if it was not so already.
    pub(super) fn retype(&mut self, typed: Typed) -> bool {
        if self.typed == typed {
            return false;
        }
        self.changes();
        self.typed = typed;
        self.version += 1;
        self.retyped = true;
        true
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        self.typed.name.as_deref().unwrap_or(&self.device_identifier)
    }

    pub(super) fn take(&mut self, submission: &Submission, benchmark_id: i64) {
        self.updated_at = self.updated_at.max(submission.received_at.as_ms());
        // A name that a person gave stays one, though the machine goes on to report by itself.
        self.name_explicit |=
            submission.claim.name_explicit && self.device_identifier == submission.claim.name;
        if self.last.as_ref().is_none_or(|last| last.at <= submission.effective_at) {
            self.hear(&submission.reported, &submission.missing);
        }
        self.remember(Past {
            benchmark_id,
            effective_at: submission.effective_at,
            preset: submission.preset,
            basis: submission.basis.as_str().to_owned(),
            global_score: submission.global.map(|global| global.score),
            coverage: submission.coverage,
            verdict: submission.verdict,
            excluded: false,
            inventory_only: inventory_only(&submission.components, &submission.missing),
            components: submission.components.clone(),
        });
    }

    /// What is known of the machine as a whole.
    pub(super) fn describe(&mut self, described: Described) {
        let Described { kind, model, hardware_model } = described;
        let reported = Reported { model, hardware_model, ..self.reported.clone() };
        if self.kind != kind || self.reported != reported {
            self.changes();
            self.kind = kind;
            self.reported = reported;
        }
    }

    /// What the newest report says of its names.
    pub(super) fn hear(&mut self, heard: &Reported, missing: &[Missing]) {
        let mut reported = self.reported.clone();
        reported.hear(heard, missing);
        if self.reported != reported {
            self.changes();
            self.reported = reported;
        }
    }

    /// No benchmark was ever here: those that are left are remembered anew. The name stays, and what sort of machine it is.
    pub(super) fn forget(&mut self) {
        self.changes();
        self.hosted_on = None;
        self.reported = Reported::default();
        self.snapshot_id = None;
        self.facts_seen = None;
        self.forget_results();
    }

    /// What was measured is told anew; what the machine is stays.
    pub(super) fn forget_results(&mut self) {
        self.standing = Standing::default();
        self.recent = Vec::new();
        self.benchmarks = 0;
        self.last = None;
    }

    /// What one benchmark means for the device. One that arrives late changes the standing, but not what is newest. One
    /// that a person excluded is history, and counts for nothing.
    pub(super) fn remember(&mut self, past: Past) {
        self.benchmarks += 1;
        let at = past.effective_at;
        if self.last.as_ref().is_none_or(|last| last.at <= at) {
            self.last = Some(past.last());
        }
        if past.excluded {
            return;
        }
        if let Some(score) = past.global_score
            && past.verdict == Verdict::Valid
            && past.basis == Basis::CURRENT.as_str()
        {
            let place = self.recent.partition_point(|(earlier, _)| *earlier <= at.as_ms());
            self.recent.insert(place, (at.as_ms(), score));
            let excess = self.recent.len().saturating_sub(RECENT);
            self.recent.drain(..excess);
        }
        for (component, result) in past.components {
            let evidence = Evidence {
                benchmark_id: past.benchmark_id,
                effective_at: at.as_ms(),
                preset: past.preset,
                basis: past.basis.clone(),
                result,
            };
            self.standing.take(component, evidence);
        }
    }

    pub(super) fn values(&self) -> Result<[Value; SAVED], sqlx::Error> {
        let (score, coverage) = self.global();
        let [cpu, memory, disk, network, gpu] = Component::ALL.map(|component| self.score(component));
        let last = self.last.as_ref();
        Ok([
            self.id.into(),
            i64::from(self.name_explicit).into(),
            self.kind.as_str().into(),
            self.hosted_on.into(),
            stored::json(&self.reported)?.into(),
            stored::hints_json(&self.hints)?.into(),
            stored::json(&self.standing)?.into(),
            stored::json(&self.recent)?.into(),
            self.standing.basis().map(str::to_owned).into(),
            score.map(|score| score.score).into(),
            score.and_then(|score| score.low).into(),
            score.and_then(|score| score.high).into(),
            cpu.into(),
            memory.into(),
            disk.into(),
            network.into(),
            gpu.into(),
            coverage.into(),
            self.standing.verdict().as_str().into(),
            self.benchmarks.into(),
            last.map(stored::json).transpose()?.into(),
            last.map_or(0, |last| last.at.as_ms()).into(),
            self.snapshot_id.into(),
            self.facts_seen.clone().into(),
            self.updated_at.into(),
            score.map_or(-1.0, |score| score.score).into(),
        ])
    }

    fn score(&self, component: Component) -> Option<f64> {
        self.standing.counting().find(|(counting, _)| *counting == component)?.1.result.score
    }

    fn global(&self) -> (Option<ComponentScore>, f64) {
        let score = |evidence: &Evidence| {
            let result = &evidence.result;
            Some(ComponentScore { score: result.score?, low: result.low, high: result.high })
        };
        let components: BTreeMap<_, _> =
            self.standing.counting().filter_map(|(c, evidence)| Some((c, score(evidence)?))).collect();
        global(&components)
    }
}

/// What a device keeps of one of its benchmarks.
pub(super) struct Past {
    pub(super) benchmark_id: i64,
    pub(super) effective_at: Timestamp,
    pub(super) preset: Option<Preset>,
    pub(super) basis: String,
    pub(super) global_score: Option<f64>,
    pub(super) coverage: f64,
    pub(super) verdict: Verdict,
    pub(super) excluded: bool,
    pub(super) inventory_only: bool,
    pub(super) components: BTreeMap<Component, ComponentResult>,
}

impl Past {
    fn last(&self) -> LastBenchmark {
        LastBenchmark {
            id: self.benchmark_id,
            at: self.effective_at,
            global_score: self.global_score,
            coverage: self.coverage,
            verdict: self.verdict,
            reason: worst_reason(&self.components),
            inventory_only: self.inventory_only,
            excluded: self.excluded,
        }
    }
}
