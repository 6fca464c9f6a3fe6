//! Hardware snapshots as the API serves them.

use report::Timestamp;
use report::facts::Facts;
use report::missing::Missing;
use sqlx::AssertSqlSafe;

use super::connection::Read;
use super::paging::{Filter, KeyKind, List, Sort};
use super::settled::Table;
use super::value::{Columns, Row};
use super::{Store, StoreError, stored};
use crate::domain::paging::{Paging, Part};
use crate::domain::snapshot::{FullSnapshot, SeenFacts, Snapshot, hardware};

/// A snapshot was last seen by the newest benchmark that shares it.
const COLUMNS: &str = "s.id, s.device_id, (select d.name from devices d where d.id = s.device_id), \
                       s.first_seen_at, coalesce((select max(b.effective_at) from benchmarks b \
                       where b.snapshot_id = s.id), s.first_seen_at)";

impl Store {
    /// A part of a device's snapshots, newest first; `None` if there is no such device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_snapshots(
        &self,
        device_id: i64,
        paging: &Paging,
    ) -> Result<Option<Part<Snapshot>>, StoreError> {
        let mut read = self.read_list(Table::Snapshots, paging).await?;
        if !device_exists(&mut read, device_id).await? {
            return Ok(None);
        }
        let list = List {
            columns: COLUMNS,
            items: "hardware_snapshots s",
            joined: "",
            filter: Filter::default().and("s.device_id = ?", [device_id.into()]),
            sort: Sort { key: "s.first_seen_at", kind: KeyKind::Int, id: "s.id", descending: true },
        };
        let part = list.read(&mut read, paging).await?;
        Ok(Some(part.try_map(|row| snapshot(&mut Columns::of(&row)))?))
    }

    /// One snapshot with its hardware.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snapshot(&self, id: i64) -> Result<Option<FullSnapshot>, StoreError> {
        let sql = format!("select {COLUMNS}, s.facts_json from hardware_snapshots s where s.id = $1");
        let mut read = self.read().await?;
        let Some(row) = read.fetch_first(AssertSqlSafe(sql), vec![id.into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let snapshot = snapshot(&mut columns)?;
        let facts = facts(columns.text()?)?;
        let hardware = hardware(facts, &serde_json::Value::Null).map_err(corrupt)?;
        Ok(Some(FullSnapshot { snapshot, hardware }))
    }

    /// What snapshots hold, to be compared; `None` if one of them is not there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snapshot_facts(&self, ids: &[i64]) -> Result<Option<Vec<SeenFacts>>, StoreError> {
        let mut read = self.read().await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            match seen(&mut read, *id).await? {
                Some(seen) => all.push(seen),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }
}

/// Reports of a snapshot that are asked what they could not read.
const ASKED: i64 = 50;

async fn seen(read: &mut Read, id: i64) -> Result<Option<SeenFacts>, StoreError> {
    let sql = "select device_id, facts_json from hardware_snapshots where id = $1";
    let Some(row) = read.fetch_first(sql, vec![id.into()]).await? else { return Ok(None) };
    let (device_id, facts) = (row.get(0)?, facts(&row.get::<String>(1)?)?);
    let sql =
        "select missing_json from benchmarks where snapshot_id = $1 order by effective_at desc limit $2";
    let mut missing: Option<Vec<Missing>> = None;
    for row in read.fetch(sql, vec![id.into(), ASKED.into()]).await? {
        let here: Vec<Missing> = stored::from_json(&row.get::<String>(0)?)?;
        missing = Some(match missing {
            None => here,
            Some(all) => all.into_iter().filter(|one| here.iter().any(|gap| gap.path == one.path)).collect(),
        });
    }
    Ok(Some(SeenFacts { id, device_id, facts, missing: missing.unwrap_or_default() }))
}

/// True if there is a device of that id.
pub(super) async fn device_exists(read: &mut Read, id: i64) -> Result<bool, sqlx::Error> {
    let row: Option<Row> = read.fetch_first("select id from devices where id = $1", vec![id.into()]).await?;
    Ok(row.is_some())
}

/// The facts in a column.
pub(super) fn facts(text: &str) -> Result<Facts, StoreError> {
    Facts::from_json(text).map_err(corrupt)
}

/// A snapshot that is not what we wrote.
pub(super) fn corrupt(error: report::facts::FactsError) -> StoreError {
    StoreError::Corrupt(format!("a snapshot that cannot be read: {error}"))
}

fn snapshot(columns: &mut Columns<'_>) -> Result<Snapshot, sqlx::Error> {
    Ok(Snapshot {
        id: columns.next()?,
        device_id: columns.next()?,
        device_name: columns.next()?,
        first_seen_at: Timestamp::from_ms(columns.next()?),
        last_seen_at: Timestamp::from_ms(columns.next()?),
    })
}
