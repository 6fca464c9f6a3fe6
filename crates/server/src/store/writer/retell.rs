//! What a device stands for, told anew from the benchmarks that it has.

use report::Timestamp;
use report::identity::{Claim, claim};

use super::super::connection::Connection;
use super::super::stored;
use super::super::value::{Columns, Row};
use super::device::{Device, Past};
use super::devices::{Devices, Hosts};
use crate::domain::standing::inventory_only;
use crate::domain::submission::{decompress, reported};

/// The newest benchmark of a device.
pub(super) struct Newest {
    benchmark_id: i64,
    snapshot_id: i64,
}

/// Locks the device of a benchmark, which comes before anything is written to the benchmark: whoever writes a report of it
/// at the same time waits, or we do. `None` if there is no such benchmark.
pub(super) async fn lock_owner(
    connection: &mut Connection,
    benchmark_id: i64,
) -> Result<Option<(Devices, i64)>, sqlx::Error> {
    const OWNER: &str = "select device_id from benchmarks where id = $1";
    let mut locked: Option<(Devices, i64)> = None;
    loop {
        let rows = connection.fetch(OWNER, vec![benchmark_id.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let owner: i64 = row.get(0)?;
        // Until it was locked, the benchmark may have gone to another device.
        if locked.as_ref().is_some_and(|(_, device)| *device == owner) {
            return Ok(locked);
        }
        locked = Some((Devices::lock(connection, [owner].into()).await?, owner));
    }
}

/// Tells a device everything anew from the benchmarks that it has; false if it has none.
pub(super) async fn retell(connection: &mut Connection, device: &mut Device) -> Result<bool, sqlx::Error> {
    device.forget();
    let Some(newest) = recount(connection, device).await? else { return Ok(false) };
    device.snapshot_id = Some(newest.snapshot_id);
    describe(connection, device, newest.benchmark_id).await?;
    Ok(true)
}

/// Tells the device of each of its benchmarks once more; it has forgotten their results. The newest of them.
pub(super) async fn recount(
    connection: &mut Connection,
    device: &mut Device,
) -> Result<Option<Newest>, sqlx::Error> {
    let mut newest = None;
    let sql = "select id, effective_at, preset, basis, global_score, coverage, verdict, excluded, components_json, \
               missing_json, snapshot_id from benchmarks where device_id = $1 order by effective_at, id";
    for row in connection.fetch(sql, vec![device.id.into()]).await? {
        let (past, snapshot_id) = past(&row)?;
        newest = Some(Newest { benchmark_id: past.benchmark_id, snapshot_id });
        device.remember(past);
    }
    Ok(newest)
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
        excluded: columns.next::<i64>()? != 0,
        inventory_only: false,
        components: stored::from_json(&columns.next::<String>()?)?,
    };
    past.inventory_only =
        inventory_only(&past.components, &stored::from_json::<Vec<_>>(&columns.next::<String>()?)?);
    Ok((past, columns.next()?))
}
