//! A benchmark goes, and leaves a tombstone, so that its report does not come back.

use report::Timestamp;
use report::identity::{Claim, claim};

use super::super::connection::Connection;
use super::super::stored;
use super::super::value::{Columns, Row};
use super::device::{Device, Past};
use super::devices::{Devices, Hosts};
use super::{Change, Ledger};
use crate::domain::change::{Author, Entry};
use crate::domain::standing::inventory_only;
use crate::domain::submission::{decompress, reported};

/// Deletes a benchmark with its figures and its raw report.
pub(in crate::store) struct DeleteBenchmark {
    pub(in crate::store) id: i64,
    pub(in crate::store) author: Author,
}

impl Change for DeleteBenchmark {
    /// False if there is none.
    type Done = bool;

    async fn write(&self, connection: &mut Connection, ledger: &mut Ledger) -> Result<bool, sqlx::Error> {
        let deleted = benchmark(connection, self.id, self.author.at).await?;
        if deleted {
            ledger.note(&self.author, Entry::new("benchmark.delete", self.id, ""));
        }
        Ok(deleted)
    }
}

async fn benchmark(connection: &mut Connection, id: i64, now: Timestamp) -> Result<bool, sqlx::Error> {
    // As everywhere, the device first: whoever writes a report of it at the same time waits, or we do.
    let rows = connection.fetch("select device_id from benchmarks where id = $1", vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    let mut devices = Devices::lock(connection, [row.get::<i64>(0)?].into()).await?;
    let sql = "delete from benchmarks where id = $1 returning report_id, device_id, snapshot_id";
    let rows = connection.fetch(sql, vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    let (report_id, device, snapshot): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let sql =
        "insert into tombstones (report_id, deleted_at) values ($1, $2) on conflict (report_id) do nothing";
    connection.execute(sql, vec![report_id.into(), now.as_ms().into()]).await?;
    let sql = "delete from hardware_snapshots where id = $1 \
               and not exists (select 1 from benchmarks where snapshot_id = $1)";
    connection.execute(sql, vec![snapshot.into()]).await?;
    let device = devices.get_mut(device);
    device.forget();
    let mut newest = None;
    let sql = "select id, effective_at, preset, basis, global_score, coverage, verdict, components_json, missing_json, snapshot_id \
               from benchmarks where device_id = $1 order by effective_at, id";
    for row in connection.fetch(sql, vec![device.id.into()]).await? {
        let (past, snapshot) = past(&row)?;
        newest = Some(past.benchmark_id);
        device.remember(past);
        device.snapshot_id = Some(snapshot);
    }
    device.updated_at = now.as_ms();
    if let Some(newest) = newest {
        describe(connection, device, newest).await?;
    }
    devices.save(connection).await?;
    Ok(true)
}

/// What the newest report alone decides, and no column of its benchmark holds: the report itself says it once more.
async fn describe(connection: &mut Connection, device: &mut Device, newest: i64) -> Result<(), sqlx::Error> {
    let sql = "select body_zstd from raw_reports where benchmark_id = $1";
    let rows = connection.fetch(sql, vec![newest.into()]).await?;
    let packed: Vec<u8> = rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?;
    let body = decompress(&packed).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let report = report::parse(&body).map_err(|error| sqlx::Error::Decode(error.into()))?;
    // Only hashes of the machine's own keys depend on the fleet key, and those stay linked as they are.
    let Claim { kind, host_hash, .. } = claim(&report, &[0; 32]);
    device.describe(kind, reported(&report));
    let hosts = Hosts::find(connection, host_hash.as_deref().into_iter().collect()).await?;
    device.hosted_on = hosts.of(device.id, host_hash.as_deref());
    Ok(())
}

fn past(row: &Row) -> Result<(Past, i64), sqlx::Error> {
    let mut columns = Columns::of(row);
    let mut past = Past {
        benchmark_id: columns.next()?,
        effective_at: Timestamp::from_ms(columns.next()?),
        preset: columns.next::<Option<String>>()?.as_deref().and_then(stored::preset),
        basis: columns.next()?,
        global_score: columns.next()?,
        coverage: columns.next()?,
        verdict: stored::verdict(&columns.next::<String>()?),
        inventory_only: false,
        components: stored::from_json(&columns.next::<String>()?)?,
    };
    past.inventory_only =
        inventory_only(&past.components, &stored::from_json::<Vec<_>>(&columns.next::<String>()?)?);
    Ok((past, columns.next()?))
}
