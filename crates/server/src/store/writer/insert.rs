//! Benchmarks with their raw reports and figures: one statement per table.

use std::collections::HashMap;

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::stored;
use super::super::value::Value;
use super::snapshot::Placed;
use crate::domain::submission::Submission;

/// Columns of [`BENCHMARKS`].
const COLUMNS: usize = 23;

const BENCHMARKS: Bulk = Bulk::rows(
    "insert into benchmarks (report_id, body_sha256, device_id, snapshot_id, effective_at, received_at, started_at, \
     finished_at, preset, bench_script_version, label, note, basis, global_score, global_low, global_high, coverage, \
     verdict, components_json, notes_json, readings_json, environment_json, missing_json) values",
    COLUMNS,
    "returning report_id, id",
);
const RAW_REPORTS: Bulk = Bulk::rows("insert into raw_reports (benchmark_id, body_zstd) values", 2, "");
const METRICS: Bulk = Bulk::rows(
    "insert into metric_values (benchmark_id, metric, variant, unit, value, low, high, spread, verdict, test_version) \
     values",
    10,
    "",
);

/// Inserts the benchmarks of the reports, with their devices and snapshots; their ids.
pub(super) async fn benchmarks(
    connection: &mut Connection,
    submissions: &[&Submission],
    devices: &[i64],
    snapshots: &[Placed],
) -> Result<Vec<i64>, sqlx::Error> {
    let mut values = Vec::with_capacity(submissions.len() * COLUMNS);
    for ((submission, device), snapshot) in submissions.iter().zip(devices).zip(snapshots) {
        values.extend(benchmark(submission, *device, snapshot)?);
    }
    let mut ids: HashMap<String, i64> = HashMap::new();
    for row in connection.fetch_bulk(&BENCHMARKS, values).await? {
        ids.insert(row.get(0)?, row.get(1)?);
    }
    let id = |one: &&Submission| ids.get(&one.report_id).copied().ok_or(sqlx::Error::RowNotFound);
    submissions.iter().map(id).collect()
}

fn benchmark(
    submission: &Submission,
    device: i64,
    snapshot: &Placed,
) -> Result<[Value; COLUMNS], sqlx::Error> {
    let global = submission.global;
    Ok([
        submission.report_id.as_str().into(),
        submission.body_sha256.to_vec().into(),
        device.into(),
        snapshot.id.into(),
        submission.effective_at.as_ms().into(),
        submission.received_at.as_ms().into(),
        submission.started_at.map(|at| at.as_ms()).into(),
        submission.finished_at.map(|at| at.as_ms()).into(),
        submission.preset.map(|preset| preset.as_str().to_owned()).into(),
        submission.client_version.clone().into(),
        submission.label.clone().into(),
        submission.note.clone().into(),
        submission.basis.as_str().into(),
        global.map(|global| global.score).into(),
        global.and_then(|global| global.low).into(),
        global.and_then(|global| global.high).into(),
        submission.coverage.into(),
        submission.verdict.as_str().into(),
        stored::json(&submission.components)?.into(),
        stored::json(&submission.notes)?.into(),
        snapshot.readings_json.as_deref().unwrap_or(&submission.readings_json).into(),
        submission.environment_json.clone().into(),
        stored::json(&submission.missing)?.into(),
    ])
}

/// Inserts the reports as they came.
pub(super) async fn raw_reports(
    connection: &mut Connection,
    submissions: &[&Submission],
    benchmarks: &[i64],
) -> Result<(), sqlx::Error> {
    let rows = submissions.iter().zip(benchmarks);
    let values = rows.flat_map(|(one, id)| [(*id).into(), one.body_zstd.clone().into()]);
    connection.execute_bulk(&RAW_REPORTS, values.collect()).await
}

/// Inserts every figure.
pub(super) async fn metrics(
    connection: &mut Connection,
    submissions: &[&Submission],
    benchmarks: &[i64],
) -> Result<(), sqlx::Error> {
    let mut values = Vec::new();
    for (submission, benchmark) in submissions.iter().zip(benchmarks) {
        for row in &submission.series {
            values.extend([
                Value::from(*benchmark),
                row.metric.as_str().into(),
                row.variant.as_str().into(),
                row.unit.clone().into(),
                row.value.into(),
                row.low.into(),
                row.high.into(),
                row.spread.into(),
                row.verdict.as_str().into(),
                row.test_version.and_then(|version| i64::try_from(version).ok()).into(),
            ]);
        }
    }
    connection.execute_bulk(&METRICS, values).await
}
