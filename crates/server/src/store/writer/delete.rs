//! A benchmark goes, and leaves a tombstone, so that its report does not come back.

use report::Timestamp;

use super::super::connection::Connection;
use super::retell::{lock_owner, retell, retell_snapshot, said};
use super::{Change, Ledger};
use crate::domain::change::{Author, Entry};

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
        if let Some(device) = &deleted {
            ledger.note(&self.author, Entry::new("benchmark.delete", self.id, device));
        }
        Ok(deleted.is_some())
    }
}

/// Deletes it; the name of its device, or `None` if there is no such benchmark.
async fn benchmark(
    connection: &mut Connection,
    id: i64,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let Some((mut devices, device)) = lock_owner(connection, id).await? else { return Ok(None) };
    let said = said(connection, id).await?;
    let sql = "delete from benchmarks where id = $1 returning report_id, snapshot_id, effective_at";
    let rows = connection.fetch(sql, vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (report_id, shared): (String, i64) = (row.get(0)?, row.get(1)?);
    let sql =
        "insert into tombstones (report_id, deleted_at) values ($1, $2) on conflict (report_id) do nothing";
    connection.execute(sql, vec![report_id.into(), now.as_ms().into()]).await?;
    let sql = "delete from hardware_snapshots where id = $1 \
               and not exists (select 1 from benchmarks where snapshot_id = $1)";
    connection.execute(sql, vec![shared.into()]).await?;
    let sql = "select id from benchmarks where device_id = $1 and (effective_at, id) > ($2, $3) limit 1";
    let later = vec![device.into(), row.get::<i64>(2)?.into(), id.into()];
    if connection.fetch(sql, later).await?.is_empty() {
        retell_snapshot(connection, device, shared, said).await?;
    }
    let device = devices.get_mut(device);
    let name = device.name().to_owned();
    retell(connection, device).await?;
    device.updated_at = now.as_ms();
    devices.save(connection).await?;
    Ok(Some(name))
}
