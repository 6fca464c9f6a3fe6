//! The device that a report belongs to: found or made, and brought up to date.

use std::collections::BTreeMap;

use report::facts::Facts;
use report::identity::{Candidate, Decision, Hint, KeyKind, decide};
use report::score::{ComponentScore, global};
use report::{DeviceKind, Timestamp};
use sqlx::AssertSqlSafe;

use super::super::connection::Connection;
use super::super::stored;
use super::super::value::{Columns, Value};
use crate::domain::ranking::LastBenchmark;
use crate::domain::standing::{Evidence, Standing};
use crate::domain::submission::{Reported, Submission};

/// A device, as its row has it.
pub(super) struct Device {
    pub(super) id: i64,
    pub(super) name: String,
    kind: DeviceKind,
    hosted_on: Option<i64>,
    reported: Reported,
    hints: Vec<String>,
    standing: Standing,
    benchmarks: i64,
    last: Option<LastBenchmark>,
    snapshot_id: Option<i64>,
    fingerprint: Option<Vec<u8>>,
}

impl Device {
    /// The device that the identity table names.
    pub(super) async fn find_or_create(
        connection: &mut Connection,
        submission: &Submission,
    ) -> Result<Self, sqlx::Error> {
        let candidates = candidates(connection, submission).await?;
        let (mut device, hints) = match decide(&submission.claim, &candidates) {
            Decision::Existing { device_id, hints } => (Self::load(connection, device_id).await?, hints),
            Decision::New { name, hints } => (Self::create(connection, submission, name).await?, hints),
        };
        for hint in hints.iter().map(hint_text) {
            if !device.hints.contains(&hint) {
                device.hints.push(hint);
            }
        }
        for (kind, hash) in &submission.claim.keys {
            let sql =
                "insert into device_keys (device_id, kind, hash) values ($1, $2, $3) on conflict do nothing";
            let values = vec![device.id.into(), kind.as_str().into(), hash.as_str().into()];
            connection.execute(sql, values).await?;
        }
        if let Some(host) = &submission.claim.host_hash {
            let sql =
                "select device_id from device_keys where hash = $1 and device_id <> $2 order by device_id";
            let rows = connection.fetch(sql, vec![host.as_str().into(), device.id.into()]).await?;
            device.hosted_on = rows.first().map(|row| row.get(0)).transpose()?.or(device.hosted_on);
        }
        Ok(device)
    }

    async fn create(
        connection: &mut Connection,
        submission: &Submission,
        name: String,
    ) -> Result<Self, sqlx::Error> {
        let sql = "insert into devices (device_identifier, kind, reported_json, hints_json, standing_json, coverage, \
                   verdict, benchmarks, last_benchmark_at, created_at, updated_at) \
                   values ($1, $2, '{}', '[]', '{}', 0.0, 'valid', 0, 0, $3, $3) returning id";
        let kind = submission.claim.kind;
        let now = submission.received_at.as_ms();
        let values = vec![name.as_str().into(), kind.as_str().into(), now.into()];
        let rows = connection.fetch(sql, values).await?;
        Ok(Self {
            id: rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?,
            name,
            kind,
            hosted_on: None,
            reported: Reported::default(),
            hints: Vec::new(),
            standing: Standing::default(),
            benchmarks: 0,
            last: None,
            snapshot_id: None,
            fingerprint: None,
        })
    }

    /// The first statement on a device is an update: it locks the row on PostgreSQL too.
    async fn load(connection: &mut Connection, id: i64) -> Result<Self, sqlx::Error> {
        let sql = "update devices set updated_at = updated_at where id = $1 returning device_identifier, kind, \
                   hosted_on, reported_json, hints_json, standing_json, benchmarks, last_benchmark_json, snapshot_id, \
                   snapshot_fingerprint";
        let rows = connection.fetch(sql, vec![id.into()]).await?;
        let mut columns = Columns::of(rows.first().ok_or(sqlx::Error::RowNotFound)?);
        Ok(Self {
            id,
            name: columns.next()?,
            kind: stored::kind(&columns.next::<String>()?),
            hosted_on: columns.next()?,
            reported: stored::from_json(&columns.next::<String>()?)?,
            hints: stored::from_json(&columns.next::<String>()?)?,
            standing: stored::from_json(&columns.next::<String>()?)?,
            benchmarks: columns.next()?,
            last: stored::last_benchmark(columns.next::<Option<String>>()?.as_deref())?,
            snapshot_id: columns.next()?,
            fingerprint: columns.next()?,
        })
    }

    /// The snapshot of this report: the last one while the facts are equal.
    pub(super) async fn snapshot(
        &mut self,
        connection: &mut Connection,
        submission: &Submission,
    ) -> Result<i64, sqlx::Error> {
        let mut facts = submission.facts.clone();
        if let Some(id) = self.snapshot_id {
            let sql = "select facts_json from hardware_snapshots where id = $1";
            let rows = connection.fetch(sql, vec![id.into()]).await?;
            let text: String = rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?;
            let previous = Facts::from_json(&text).map_err(|error| sqlx::Error::Decode(error.into()))?;
            facts = facts.over(&previous, &submission.missing);
        }
        let fingerprint = facts.fingerprint().to_vec();
        if let Some(id) = self.snapshot_id
            && self.fingerprint.as_ref() == Some(&fingerprint)
        {
            return Ok(id);
        }
        let sql = "insert into hardware_snapshots (device_id, fingerprint, facts_json, first_seen_at) \
                   values ($1, $2, $3, $4) returning id";
        let seen = submission.effective_at.as_ms();
        let values: Vec<Value> =
            vec![self.id.into(), fingerprint.clone().into(), facts.to_json().into(), seen.into()];
        let rows = connection.fetch(sql, values).await?;
        let id = rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?;
        if self.is_newest(submission) {
            self.fingerprint = Some(fingerprint);
        }
        Ok(id)
    }

    fn is_newest(&self, submission: &Submission) -> bool {
        self.last.as_ref().is_none_or(|last| last.at <= submission.effective_at)
    }

    /// Takes in what the benchmark says. One that arrives late changes the standing, but not what is newest.
    pub(super) fn take(&mut self, submission: &Submission, benchmark_id: i64, snapshot_id: i64) {
        self.benchmarks += 1;
        if self.is_newest(submission) {
            self.kind = submission.claim.kind;
            self.reported = submission.reported.clone();
            self.snapshot_id = Some(snapshot_id);
            self.last = Some(last_benchmark(submission, benchmark_id));
        }
        for (component, result) in &submission.components {
            let evidence = Evidence {
                benchmark_id,
                effective_at: submission.effective_at.as_ms(),
                preset: submission.preset,
                basis: submission.basis.as_str().to_owned(),
                result: result.clone(),
            };
            self.standing.take(*component, evidence);
        }
    }

    /// Writes the row.
    pub(super) async fn save(&self, connection: &mut Connection, now: Timestamp) -> Result<(), sqlx::Error> {
        let sql = "update devices set kind = $2, hosted_on = $3, reported_json = $4, hints_json = $5, \
                   standing_json = $6, basis = $7, global_score = $8, global_low = $9, global_high = $10, \
                   coverage = $11, verdict = $12, benchmarks = $13, last_benchmark_json = $14, last_benchmark_at = $15, \
                   snapshot_id = $16, snapshot_fingerprint = $17, updated_at = $18 where id = $1";
        let (score, coverage) = self.global();
        let last = self.last.as_ref();
        let values: Vec<Value> = vec![
            self.id.into(),
            self.kind.as_str().into(),
            self.hosted_on.into(),
            stored::json(&self.reported)?.into(),
            stored::json(&self.hints)?.into(),
            stored::json(&self.standing)?.into(),
            self.standing.basis().map(str::to_owned).into(),
            score.map(|score| score.score).into(),
            score.and_then(|score| score.low).into(),
            score.and_then(|score| score.high).into(),
            coverage.into(),
            stored::verdict_name(self.standing.verdict()).into(),
            self.benchmarks.into(),
            last.map(stored::json).transpose()?.into(),
            last.map_or(0, |last| last.at.as_ms()).into(),
            self.snapshot_id.into(),
            self.fingerprint.clone().into(),
            now.as_ms().into(),
        ];
        connection.execute(sql, values).await.map(drop)
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

fn last_benchmark(submission: &Submission, id: i64) -> LastBenchmark {
    let worst = submission.components.values().max_by_key(|result| result.verdict);
    let reason = worst.and_then(|result| result.reasons.first()).map(|reason| reason.code.clone());
    LastBenchmark {
        id,
        at: submission.effective_at,
        global_score: submission.global.map(|global| global.score),
        coverage: submission.coverage,
        verdict: submission.verdict,
        reason,
    }
}

/// Every device that shares a key, or the name with or without a suffix.
async fn candidates(
    connection: &mut Connection,
    submission: &Submission,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let claim = &submission.claim;
    let places: Vec<String> = (4..4 + claim.keys.len()).map(|place| format!("${place}")).collect();
    let by_key = if places.is_empty() {
        String::new()
    } else {
        format!(" or id in (select device_id from device_keys where hash in ({}))", places.join(", "))
    };
    // `.` follows `-`: names that begin with `nas-`.
    let sql = format!(
        "select id, device_identifier, kind, reported_json from devices where device_identifier = $1 \
         or (device_identifier >= $2 and device_identifier < $3){by_key}"
    );
    let mut values: Vec<Value> = vec![
        claim.name.as_str().into(),
        format!("{}-", claim.name).into(),
        format!("{}.", claim.name).into(),
    ];
    values.extend(claim.keys.iter().map(|(_, hash)| Value::from(hash.as_str())));
    let mut candidates = Vec::new();
    for row in connection.fetch(AssertSqlSafe(sql), values).await? {
        let mut columns = Columns::of(&row);
        let device_id = columns.next()?;
        let name = columns.next()?;
        let kind = stored::kind(&columns.next::<String>()?);
        let reported: Reported = stored::from_json(&columns.next::<String>()?)?;
        let keys = keys(connection, device_id).await?;
        candidates.push(Candidate { device_id, name, name_explicit: reported.name_explicit, kind, keys });
    }
    Ok(candidates)
}

async fn keys(
    connection: &mut Connection,
    device_id: i64,
) -> Result<std::collections::BTreeSet<(KeyKind, String)>, sqlx::Error> {
    let sql = "select kind, hash from device_keys where device_id = $1";
    let rows = connection.fetch(sql, vec![device_id.into()]).await?;
    let mut keys = std::collections::BTreeSet::new();
    for row in &rows {
        if let Some(kind) = KeyKind::from_name(&row.get::<String>(0)?) {
            keys.insert((kind, row.get(1)?));
        }
    }
    Ok(keys)
}

/// A hint as it is stored.
fn hint_text(hint: &Hint) -> String {
    match hint {
        Hint::SameHardwareAs(id) => format!("same_hardware_as:{id}"),
        Hint::BoardChanged => "board_changed".to_owned(),
        Hint::CopyOf(id) => format!("copy_of:{id}"),
        Hint::MergeWith(id) => format!("merge_with:{id}"),
        Hint::KeysPointTo(ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            format!("keys_point_to:{}", ids.join(","))
        }
    }
}
