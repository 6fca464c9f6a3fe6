//! One report into its tables, within an open transaction.

use report::series::MetricValue;
use sqlx::AssertSqlSafe;

use super::super::connection::Connection;
use super::super::stored;
use super::super::submission::{SubmitError, Submitted};
use super::super::value::{Columns, Value};
use super::device::Device;
use crate::domain::submission::Submission;

/// Writes a report, or says what was made of it before.
pub(super) async fn report(
    connection: &mut Connection,
    submission: &Submission,
) -> Result<Result<Submitted, SubmitError>, sqlx::Error> {
    if let Some(earlier) = earlier(connection, submission).await? {
        return Ok(earlier);
    }
    let mut device = Device::find_or_create(connection, submission).await?;
    let snapshot_id = device.snapshot(connection, submission).await?;
    let benchmark_id = benchmark(connection, submission, (device.id, snapshot_id)).await?;
    let sql = "insert into raw_reports (benchmark_id, body_zstd) values ($1, $2)";
    connection.execute(sql, vec![benchmark_id.into(), submission.body_zstd.clone().into()]).await?;
    metrics(connection, benchmark_id, &submission.series).await?;
    device.take(submission, benchmark_id, snapshot_id);
    device.save(connection, submission.received_at).await?;
    Ok(Ok(Submitted {
        report_id: submission.report_id.clone(),
        device_id: device.id,
        device_name: device.name,
        snapshot_id,
        benchmark_id,
        global_score: submission.global.map(|global| global.score),
        coverage: submission.coverage,
        verdict: submission.verdict,
    }))
}

/// The answer to a report that is known already.
async fn earlier(
    connection: &mut Connection,
    submission: &Submission,
) -> Result<Option<Result<Submitted, SubmitError>>, sqlx::Error> {
    let sql = "select b.body_sha256, b.device_id, d.device_identifier, b.snapshot_id, b.id, b.global_score, \
               b.coverage, b.verdict from benchmarks b join devices d on d.id = b.device_id where b.report_id = $1";
    let id = submission.report_id.as_str();
    if let Some(row) = connection.fetch(sql, vec![id.into()]).await?.first() {
        let mut columns = Columns::of(row);
        let body: Vec<u8> = columns.next()?;
        let submitted = Submitted {
            report_id: id.to_owned(),
            device_id: columns.next()?,
            device_name: columns.next()?,
            snapshot_id: columns.next()?,
            benchmark_id: columns.next()?,
            global_score: columns.next()?,
            coverage: columns.next()?,
            verdict: stored::verdict(&columns.next::<String>()?),
        };
        let same = body == submission.body_sha256;
        return Ok(Some(if same { Ok(submitted) } else { Err(SubmitError::Conflict) }));
    }
    let sql = "select report_id from tombstones where report_id = $1";
    let gone = !connection.fetch(sql, vec![id.into()]).await?.is_empty();
    Ok(gone.then_some(Err(SubmitError::Gone)))
}

async fn benchmark(
    connection: &mut Connection,
    submission: &Submission,
    (device_id, snapshot_id): (i64, i64),
) -> Result<i64, sqlx::Error> {
    let sql = "insert into benchmarks (report_id, body_sha256, device_id, snapshot_id, effective_at, received_at, \
               started_at, finished_at, preset, bench_script_version, label, note, basis, global_score, global_low, \
               global_high, coverage, verdict, components_json, notes_json, readings_json, environment_json, \
               missing_json) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
               $18, $19, $20, $21, $22, $23) returning id";
    let global = submission.global;
    let values: Vec<Value> = vec![
        submission.report_id.as_str().into(),
        submission.body_sha256.to_vec().into(),
        device_id.into(),
        snapshot_id.into(),
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
        stored::verdict_name(submission.verdict).into(),
        stored::json(&submission.components)?.into(),
        stored::json(&submission.notes)?.into(),
        submission.readings_json.as_str().into(),
        submission.environment_json.clone().into(),
        stored::json(&submission.missing)?.into(),
    ];
    let rows = connection.fetch(sql, values).await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)
}

/// Rows of one statement: ten parameters each, far below the limit of either engine.
const ROWS: usize = 1_000;

async fn metrics(
    connection: &mut Connection,
    benchmark_id: i64,
    series: &[MetricValue],
) -> Result<(), sqlx::Error> {
    for rows in series.chunks(ROWS) {
        let mut sql = String::from(
            "insert into metric_values (benchmark_id, metric, variant, unit, value, low, high, spread, verdict, \
             test_version) values ",
        );
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 10);
        for (index, row) in rows.iter().enumerate() {
            let first = index * 10;
            let places: Vec<String> = (1..=10).map(|place| format!("${}", first + place)).collect();
            sql.push_str(if index == 0 { "(" } else { ", (" });
            sql.push_str(&places.join(", "));
            sql.push(')');
            values.extend([
                benchmark_id.into(),
                row.metric.as_str().into(),
                row.variant.as_str().into(),
                row.unit.clone().into(),
                row.value.into(),
                row.low.into(),
                row.high.into(),
                row.spread.into(),
                stored::verdict_name(row.verdict).into(),
                row.test_version.and_then(|version| i64::try_from(version).ok()).into(),
            ]);
        }
        connection.execute(AssertSqlSafe(sql), values).await?;
    }
    Ok(())
}
