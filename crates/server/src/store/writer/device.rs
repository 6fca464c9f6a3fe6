//! The devices that a batch touches: found or made, and brought up to date.

use std::collections::{BTreeMap, BTreeSet};

use report::identity::Hint;
use report::missing::Missing;
use report::score::{Basis, ComponentScore, global};
use report::verdict::Verdict;
use report::{Component, DeviceKind, Preset, Timestamp};

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::stored;
use super::super::value::{Columns, Row, Value};
use super::identity::{Filed, Fresh, Pool};
use crate::domain::ranking::LastBenchmark;
use crate::domain::standing::{ComponentResult, Evidence, Standing};
use crate::domain::submission::{Reported, Submission};

/// Valid scores that the ranking draws as a line.
const RECENT: usize = 12;

/// Hints of one kind that are kept: the oldest.
const HINTS: usize = 10;

/// A device, as its row has it.
pub(super) struct Device {
    pub(super) id: i64,
    pub(super) name: String,
    /// When the newest report was measured, those of this batch included.
    pub(super) newest_at: Option<Timestamp>,
    pub(super) snapshot_id: Option<i64>,
    /// What the newest report said of the hardware.
    pub(super) facts_seen: Option<Vec<u8>>,
    name_explicit: bool,
    kind: DeviceKind,
    hosted_on: Option<i64>,
    reported: Reported,
    hints: Vec<String>,
    standing: Standing,
    recent: Vec<(i64, f64)>,
    benchmarks: i64,
    last: Option<LastBenchmark>,
    pub(super) updated_at: i64,
}

/// Every device that a batch touches.
pub(super) struct Devices {
    /// For each report its device.
    pub(super) of: Vec<i64>,
    by_id: BTreeMap<i64, Device>,
}

const CREATE: Bulk = Bulk::rows(
    "insert into devices (device_identifier, name_explicit, kind, reported_json, hints_json, standing_json, \
     recent_json, coverage, verdict, benchmarks, last_benchmark_at, created_at, updated_at) values",
    13,
    "returning id, device_identifier",
);
/// The first statement on a device is an update: it locks the row on PostgreSQL too.
const LOCK: Bulk = Bulk::any_of(
    "update devices set updated_at = updated_at where id in",
    "returning id, device_identifier, name_explicit, kind, hosted_on, reported_json, hints_json, standing_json, \
     recent_json, benchmarks, last_benchmark_json, snapshot_id, facts_seen, updated_at",
);
const LINK: Bulk = Bulk::rows(
    "insert into device_keys (device_id, kind, hash) values",
    3,
    "on conflict (hash, kind, device_id) do nothing",
);
const BY_HASH: Bulk = Bulk::any_of("select hash, device_id from device_keys where hash in", "");

impl Devices {
    /// The devices that the identity table names; those that are not there yet are made.
    pub(super) async fn find_or_create(
        connection: &mut Connection,
        submissions: &[&Submission],
    ) -> Result<Self, sqlx::Error> {
        let (pool, filed) = Pool::file(connection, submissions).await?;
        let known = filed.iter().map(|filed| filed.device).filter(|id| *id > 0).collect();
        let mut devices = Self::lock(connection, known).await?;
        let real = create(connection, submissions, &pool.fresh, &mut devices.by_id).await?;
        let id = |id: i64| real.get(&id).copied().unwrap_or(id);
        let links = pool.links.iter();
        let links = links.flat_map(|(device, kind, hash)| {
            [id(*device).into(), kind.as_str().into(), hash.as_str().into()]
        });
        connection.execute_bulk(&LINK, links.collect()).await?;
        devices.of = filed.iter().map(|filed| id(filed.device)).collect();
        devices.hint(&filed, id);
        devices.host(connection, submissions).await?;
        Ok(devices)
    }

    /// Loads devices for a change.
    pub(super) async fn lock(connection: &mut Connection, ids: BTreeSet<i64>) -> Result<Self, sqlx::Error> {
        let mut by_id = BTreeMap::new();
        for row in connection.fetch_bulk(&LOCK, ids.into_iter().map(Value::from).collect()).await? {
            let device = Device::from_row(&row)?;
            by_id.insert(device.id, device);
        }
        Ok(Self { of: Vec::new(), by_id })
    }

    /// A device of this batch.
    pub(super) fn get(&self, id: i64) -> &Device {
        self.by_id.get(&id).expect("every report's device was loaded or made")
    }

    /// A device of this batch.
    pub(super) fn get_mut(&mut self, id: i64) -> &mut Device {
        self.by_id.get_mut(&id).expect("every report's device was loaded or made")
    }

    /// No report of that device was measured later.
    pub(super) fn is_newest(&self, id: i64, submission: &Submission) -> bool {
        self.get(id).newest_at.is_none_or(|newest| newest <= submission.effective_at)
    }

    fn hint(&mut self, filed: &[Filed], id: impl Fn(i64) -> i64) {
        for (device, filed) in self.of.clone().into_iter().zip(filed) {
            let device = self.get_mut(device);
            for hint in filed.hints.iter().map(|hint| hint_text(hint, &id)) {
                let kind = |hint: &str| hint.split(':').next().map(str::to_owned);
                let alike = device.hints.iter().filter(|known| kind(known) == kind(&hint)).count();
                if alike < HINTS && !device.hints.contains(&hint) {
                    device.hints.push(hint);
                }
            }
        }
    }

    /// Containers know their host by its keys. The newest report decides; this comes before [`Device::newest_at`] moves.
    async fn host(
        &mut self,
        connection: &mut Connection,
        submissions: &[&Submission],
    ) -> Result<(), sqlx::Error> {
        let hosts = submissions.iter().filter_map(|one| one.claim.host_hash.as_deref());
        let hashes: BTreeSet<&str> = hosts.collect();
        let mut hosts: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        for row in connection.fetch_bulk(&BY_HASH, hashes.into_iter().map(Value::from).collect()).await? {
            hosts.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
        let mut newest: BTreeMap<i64, Timestamp> = BTreeMap::new();
        for (submission, device) in submissions.iter().zip(self.of.clone()) {
            let at = submission.effective_at;
            if !self.is_newest(device, submission) || newest.get(&device).is_some_and(|newest| *newest > at) {
                continue;
            }
            newest.insert(device, at);
            let found = submission.claim.host_hash.as_ref().and_then(|hash| hosts.get(hash));
            let others = found.into_iter().flatten().copied().filter(|host| *host != device);
            self.get_mut(device).hosted_on = others.min();
        }
        Ok(())
    }

    /// Takes in what the stored benchmarks say. One that arrives late changes the standing, but not what is newest.
    pub(super) fn take(&mut self, submissions: &[&Submission], benchmarks: &[i64]) {
        for ((submission, benchmark), device) in submissions.iter().zip(benchmarks).zip(self.of.clone()) {
            self.get_mut(device).take(submission, *benchmark);
        }
    }

    /// Writes the rows.
    pub(super) async fn save(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let mut values = Vec::with_capacity(self.by_id.len() * SAVED);
        for device in self.by_id.values() {
            values.extend(device.values()?);
        }
        connection.execute_bulk(&SAVE, values).await
    }
}

/// Makes the new devices; their ids by placeholder.
async fn create(
    connection: &mut Connection,
    submissions: &[&Submission],
    fresh: &[Fresh],
    by_id: &mut BTreeMap<i64, Device>,
) -> Result<BTreeMap<i64, i64>, sqlx::Error> {
    let mut values = Vec::with_capacity(fresh.len() * 13);
    for new in fresh {
        let claim = &submissions[new.report].claim;
        let now = submissions[new.report].received_at.as_ms();
        values.extend([
            Value::from(new.name.as_str()),
            i64::from(claim.name_explicit).into(),
            claim.kind.as_str().into(),
            "{}".into(),
            "[]".into(),
            "{}".into(),
            "[]".into(),
            0.0.into(),
            "valid".into(),
            0.into(),
            0.into(),
            now.into(),
            now.into(),
        ]);
    }
    let mut ids: BTreeMap<String, i64> = BTreeMap::new();
    for row in connection.fetch_bulk(&CREATE, values).await? {
        ids.insert(row.get(1)?, row.get(0)?);
    }
    let mut real = BTreeMap::new();
    for new in fresh {
        let id = *ids.get(&new.name).ok_or(sqlx::Error::RowNotFound)?;
        real.insert(new.placeholder, id);
        by_id.insert(id, Device::new(id, new.name.clone(), submissions[new.report]));
    }
    Ok(real)
}

/// Columns of [`SAVE`].
const SAVED: usize = 25;

const SAVE: Bulk = Bulk::rows(
    "with v (id, name_explicit, kind, hosted_on, reported_json, hints_json, standing_json, recent_json, basis, \
     global_score, global_low, global_high, cpu_score, memory_score, disk_score, network_score, gpu_score, coverage, \
     verdict, benchmarks, last_benchmark_json, last_benchmark_at, snapshot_id, facts_seen, updated_at) as (values",
    SAVED,
    ") update devices set name_explicit = v.name_explicit, kind = v.kind, hosted_on = v.hosted_on, \
     reported_json = v.reported_json, hints_json = v.hints_json, standing_json = v.standing_json, \
     recent_json = v.recent_json, basis = v.basis, global_score = v.global_score, global_low = v.global_low, \
     global_high = v.global_high, cpu_score = v.cpu_score, memory_score = v.memory_score, \
     disk_score = v.disk_score, network_score = v.network_score, gpu_score = v.gpu_score, coverage = v.coverage, \
     verdict = v.verdict, benchmarks = v.benchmarks, last_benchmark_json = v.last_benchmark_json, \
     last_benchmark_at = v.last_benchmark_at, snapshot_id = v.snapshot_id, facts_seen = v.facts_seen, \
     updated_at = v.updated_at from v where devices.id = v.id",
);

impl Device {
    fn new(id: i64, name: String, submission: &Submission) -> Self {
        Self {
            id,
            name,
            newest_at: None,
            snapshot_id: None,
            facts_seen: None,
            name_explicit: submission.claim.name_explicit,
            kind: submission.claim.kind,
            hosted_on: None,
            reported: Reported::default(),
            hints: Vec::new(),
            standing: Standing::default(),
            recent: Vec::new(),
            benchmarks: 0,
            last: None,
            updated_at: submission.received_at.as_ms(),
        }
    }

    fn from_row(row: &Row) -> Result<Self, sqlx::Error> {
        let mut columns = Columns::of(row);
        let mut device = Self {
            id: columns.next()?,
            name: columns.next()?,
            name_explicit: columns.next::<i64>()? != 0,
            kind: stored::kind(&columns.next::<String>()?),
            hosted_on: columns.next()?,
            reported: stored::from_json(&columns.next::<String>()?)?,
            hints: stored::from_json(&columns.next::<String>()?)?,
            standing: stored::from_json(&columns.next::<String>()?)?,
            recent: stored::from_json(&columns.next::<String>()?)?,
            benchmarks: columns.next()?,
            last: stored::last_benchmark(columns.next::<Option<String>>()?.as_deref())?,
            snapshot_id: columns.next()?,
            facts_seen: columns.next()?,
            updated_at: columns.next()?,
            newest_at: None,
        };
        device.newest_at = device.last.as_ref().map(|last| last.at);
        Ok(device)
    }

    fn take(&mut self, submission: &Submission, benchmark_id: i64) {
        self.updated_at = self.updated_at.max(submission.received_at.as_ms());
        // A name that a person gave stays one, though the machine goes on to report by itself.
        self.name_explicit |= submission.claim.name_explicit && self.name == submission.claim.name;
        if self.last.as_ref().is_none_or(|last| last.at <= submission.effective_at) {
            self.kind = submission.claim.kind;
            self.reported = submission.reported.clone();
        }
        self.remember(Past {
            benchmark_id,
            effective_at: submission.effective_at,
            preset: submission.preset,
            basis: submission.basis.as_str().to_owned(),
            global_score: submission.global.map(|global| global.score),
            coverage: submission.coverage,
            verdict: submission.verdict,
            inventory_only: inventory_only(&submission.components, &submission.missing),
            components: submission.components.clone(),
        });
    }

    /// No benchmark was ever here: those that are left are remembered anew.
    pub(super) fn forget(&mut self) {
        self.standing = Standing::default();
        self.recent = Vec::new();
        self.benchmarks = 0;
        self.last = None;
        self.snapshot_id = None;
        self.facts_seen = None;
    }

    /// What one benchmark means for the device. One that arrives late changes the standing, but not what is newest.
    pub(super) fn remember(&mut self, past: Past) {
        self.benchmarks += 1;
        let at = past.effective_at;
        if let Some(score) = past.global_score
            && past.verdict == Verdict::Valid
            && past.basis == Basis::CURRENT.as_str()
        {
            let place = self.recent.partition_point(|(earlier, _)| *earlier <= at.as_ms());
            self.recent.insert(place, (at.as_ms(), score));
            let excess = self.recent.len().saturating_sub(RECENT);
            self.recent.drain(..excess);
        }
        if self.last.as_ref().is_none_or(|last| last.at <= at) {
            self.last = Some(past.last());
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

    fn values(&self) -> Result<[Value; SAVED], sqlx::Error> {
        let (score, coverage) = self.global();
        let [cpu, memory, disk, network, gpu] = Component::ALL.map(|component| self.score(component));
        let last = self.last.as_ref();
        Ok([
            self.id.into(),
            i64::from(self.name_explicit).into(),
            self.kind.as_str().into(),
            self.hosted_on.into(),
            stored::json(&self.reported)?.into(),
            stored::json(&self.hints)?.into(),
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
            stored::verdict_name(self.standing.verdict()).into(),
            self.benchmarks.into(),
            last.map(stored::json).transpose()?.into(),
            last.map_or(0, |last| last.at.as_ms()).into(),
            self.snapshot_id.into(),
            self.facts_seen.clone().into(),
            self.updated_at.into(),
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
    pub(super) inventory_only: bool,
    pub(super) components: BTreeMap<Component, ComponentResult>,
}

/// True if nothing was to be measured: there is no result, and no attempt that failed either.
pub(super) fn inventory_only(components: &BTreeMap<Component, ComponentResult>, missing: &[Missing]) -> bool {
    let failed = |missing: &Missing| {
        missing.path.starts_with("results")
            && !matches!(missing.reason.as_str(), "inventory_only" | "skipped" | "not_supported")
    };
    components.is_empty() && !missing.iter().any(failed)
}

impl Past {
    fn last(&self) -> LastBenchmark {
        let worst = self.components.values().max_by_key(|result| result.verdict);
        let reason = worst.and_then(|result| result.reasons.first()).map(|reason| reason.code.clone());
        LastBenchmark {
            id: self.benchmark_id,
            at: self.effective_at,
            global_score: self.global_score,
            coverage: self.coverage,
            verdict: self.verdict,
            reason,
            inventory_only: self.inventory_only,
        }
    }
}

/// A hint as it is stored.
fn hint_text(hint: &Hint, id: &impl Fn(i64) -> i64) -> String {
    match hint {
        Hint::SameHardwareAs(other) => format!("same_hardware_as:{}", id(*other)),
        Hint::BoardChanged => "board_changed".to_owned(),
        Hint::CopyOf(other) => format!("copy_of:{}", id(*other)),
        Hint::MergeWith(other) => format!("merge_with:{}", id(*other)),
        Hint::KeysPointTo(others) => {
            let ids: Vec<String> = others.iter().map(|other| id(*other).to_string()).collect();
            format!("keys_point_to:{}", ids.join(","))
        }
    }
}
