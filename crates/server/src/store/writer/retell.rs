//! What a device stands for, told anew from the benchmarks that it has.

use report::facts::Facts;
use report::identity::{Claim, claim};
use report::{Report, Timestamp};
use serde_json::Value;

use super::super::connection::Connection;
use super::super::stored;
use super::super::value::{Columns, Row};
use super::device::{Device, Past};
use super::devices::{Devices, Hosts};
use super::snapshot;
use crate::domain::standing::inventory_only;
use crate::domain::submission::{decompress, facts_seen};

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
    device.describe(snapshot::described(connection, newest.snapshot_id).await?);
    name(connection, device).await?;
    host(connection, device, newest.benchmark_id).await?;
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

/// Its names on the network, as the newest report that could read them says them.
async fn name(connection: &mut Connection, device: &mut Device) -> Result<(), sqlx::Error> {
    let sql = "select readings_json, effective_at, id from benchmarks \
               where device_id = $1 and (effective_at, id) < ($2, $3) order by effective_at desc, id desc limit 50";
    let mut before = (i64::MAX, i64::MAX);
    loop {
        let rows = connection.fetch(sql, vec![device.id.into(), before.0.into(), before.1.into()]).await?;
        for row in &rows {
            let readings: Value = stored::from_json(&row.get::<String>(0)?)?;
            before = (row.get(1)?, row.get(2)?);
            let said = |field: &str| readings["os"][field].as_str().map(str::to_owned);
            let mut names = device.reported.clone();
            names.hostname = names.hostname.or_else(|| said("hostname"));
            names.fqdn = names.fqdn.or_else(|| said("fqdn"));
            device.hear(&names, &[]);
        }
        if rows.is_empty() || (device.reported.hostname.is_some() && device.reported.fqdn.is_some()) {
            return Ok(());
        }
    }
}

/// The host of a container, by the newest report alone, which says it once more: no column of its benchmark holds that.
async fn host(connection: &mut Connection, device: &mut Device, newest: i64) -> Result<(), sqlx::Error> {
    let sql = "select body_zstd from raw_reports where benchmark_id = $1";
    let rows = connection.fetch(sql, vec![newest.into()]).await?;
    let packed: Vec<u8> = rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?;
    // Only hashes of the machine's own keys depend on the fleet key, and those stay linked as they are.
    let Claim { host_hash, .. } = claim(&unpack(&packed)?, &[0; 32]);
    let hosts = Hosts::find(connection, host_hash.as_deref().into_iter().collect()).await?;
    device.hosted_on = hosts.of(device.id, host_hash.as_deref());
    Ok(())
}

/// What the report of a benchmark says of the hardware, as a digest; `None` where the report was not kept.
pub(super) async fn said(
    connection: &mut Connection,
    benchmark: i64,
) -> Result<Option<[u8; 32]>, sqlx::Error> {
    let sql = "select body_zstd from raw_reports where benchmark_id = $1";
    let rows = connection.fetch(sql, vec![benchmark.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let report = unpack(&row.get::<Vec<u8>>(0)?)?;
    Ok(Some(facts_seen(&report::facts::facts(&report.hardware), &report.missing)))
}

/// Tells a snapshot anew from the reports that it has, on top of the one before it: the newest of them is gone, which said
/// this, and with it what only that one knew. Where a report was not kept, what is known stays.
pub(super) async fn retell_snapshot(
    connection: &mut Connection,
    device: i64,
    id: i64,
    gone: Option<[u8; 32]>,
) -> Result<(), sqlx::Error> {
    let sql = "select id from benchmarks where snapshot_id = $1 order by effective_at desc, id desc limit 1";
    let rows = connection.fetch(sql, vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    // As nearly always: the one before it said the same.
    if said(connection, row.get(0)?).await? == gone {
        return Ok(());
    }
    let sql = "select b.effective_at, b.id, r.body_zstd from benchmarks b \
               left join raw_reports r on r.benchmark_id = b.id \
               where b.snapshot_id = $1 and (b.effective_at, b.id) > ($2, $3) \
               order by b.effective_at, b.id limit 20";
    let (mut after, mut told): ((i64, i64), Option<Facts>) = ((i64::MIN, 0), None);
    loop {
        let rows = connection.fetch(sql, vec![id.into(), after.0.into(), after.1.into()]).await?;
        for row in &rows {
            after = (row.get(0)?, row.get(1)?);
            let Some(packed) = row.get::<Option<Vec<u8>>>(2)? else { return Ok(()) };
            let report = unpack(&packed)?;
            let seen = report::facts::facts(&report.hardware);
            told = Some(match told {
                Some(before) => seen.learn(&before, &report.missing).facts,
                None => seen.over(&other_before(connection, device, id, after).await?, &report.missing),
            });
        }
        if rows.is_empty() {
            break;
        }
    }
    let Some(facts) = told else { return Ok(()) };
    let values = vec![id.into(), facts.fingerprint().to_vec().into(), facts.to_json().into()];
    connection.execute_bulk(&snapshot::FILL, values).await
}

/// The facts of the snapshot before that one, which began with that benchmark; none where nothing was known.
async fn other_before(
    connection: &mut Connection,
    device: i64,
    id: i64,
    first: (i64, i64),
) -> Result<Facts, sqlx::Error> {
    let sql = "select s.facts_json from benchmarks b join hardware_snapshots s on s.id = b.snapshot_id \
               where b.device_id = $1 and b.snapshot_id <> $2 and (b.effective_at, b.id) < ($3, $4) \
               order by b.effective_at desc, b.id desc limit 1";
    let values = vec![device.into(), id.into(), first.0.into(), first.1.into()];
    let rows = connection.fetch(sql, values).await?;
    rows.first().map_or_else(|| Ok(Facts::default()), |row| snapshot::facts(&row.get::<String>(0)?))
}

/// A report, as it was stored.
fn unpack(packed: &[u8]) -> Result<Report, sqlx::Error> {
    let body = decompress(packed).map_err(|error| sqlx::Error::Decode(error.into()))?;
    report::parse(&body).map_err(|error| sqlx::Error::Decode(error.into()))
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
