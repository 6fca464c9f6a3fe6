//! Devices as the API serves them.

use std::collections::BTreeSet;

use report::Timestamp;
use report::score::Basis;
use sqlx::AssertSqlSafe;

use super::device_query::Found;
use super::paging::List;
use super::settled::Table;
use super::value::{Columns, Row};
use super::{Store, StoreError, device_groups, device_query, stored};
use crate::domain::device::{Device, DeviceStanding, LastSnapshot, ReportedFields, StoredDevice, counting};
use crate::domain::device_query::DeviceQuery;
use crate::domain::paging::{Paging, Part};
use crate::domain::ranking::RANKED_COVERAGE;
use crate::domain::standing::Standing;
use crate::domain::submission::Reported;
use crate::domain::typed::Typed;

const COLUMNS: &str = "d.id, d.device_identifier, d.version, d.typed_json, d.model_key, d.kind, d.hosted_on, d.reported_json, d.standing_json, \
                       d.global_score, d.global_low, d.global_high, d.coverage, d.benchmarks, \
                       d.last_benchmark_json, d.last_benchmark_at, s.id, s.first_seen_at, d.hints_json, d.created_at, \
                       d.updated_at";
const JOINED: &str = "left join hardware_snapshots s on s.id = d.snapshot_id";

impl Store {
    /// A part of the devices that are asked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn devices(&self, query: &DeviceQuery, paging: &Paging) -> Result<Part<Device>, StoreError> {
        let mut read = self.read_list(Table::Devices, paging).await?;
        let Found { filter, total } = match Found::question(query) {
            Some((sql, values)) => {
                let found = read.fetch(AssertSqlSafe(sql), values).await?;
                let ids = found.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
                Found::of(query, &ids)
            }
            None => Found { filter: device_query::filter(query), total: None },
        };
        let sort = device_query::sort(query);
        let list = List { columns: COLUMNS, items: "devices d", joined: JOINED, filter, sort };
        let part = match total {
            Some(total) => list.part(&mut read, paging, total).await?,
            None => list.read(&mut read, paging).await?,
        };
        Ok(part.try_map(|row| device(&row))?)
    }

    /// One device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device(&self, id: i64) -> Result<Option<Device>, StoreError> {
        let sql = AssertSqlSafe(format!("select {COLUMNS} from devices d {JOINED} where d.id = $1"));
        let mut read = self.read().await?;
        let Some(row) = read.fetch_first(sql, vec![id.into()]).await? else { return Ok(None) };
        let mut device = device(&row)?;
        if let Some(model_key) = &device.model_key {
            let score = device.standing.global_score.filter(|_| device.standing.ranked);
            device.siblings = Some(device_groups::siblings(&mut read, model_key, score).await?);
        }
        Ok(Some(device))
    }

    /// So many devices behind an id, in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn devices_behind(&self, after: i64, count: u32) -> Result<Vec<Device>, StoreError> {
        let sql = format!("select {COLUMNS} from devices d {JOINED} where d.id > $1 order by d.id limit $2");
        let values = vec![after.into(), i64::from(count).into()];
        let rows = self.read().await?.fetch(AssertSqlSafe(sql), values).await?;
        Ok(rows.iter().map(device).collect::<Result<_, _>>()?)
    }

    /// The names of all fields of people's own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn custom_keys(&self) -> Result<BTreeSet<String>, StoreError> {
        const PAGE: i64 = 500;
        const SQL: &str =
            "select id, typed_json from devices where id > $1 and typed_json <> '{}' order by id limit $2";
        let (mut keys, mut after) = (BTreeSet::new(), Some(0_i64));
        while let Some(id) = after.take() {
            let rows = self.read().await?.fetch(SQL, vec![id.into(), PAGE.into()]).await?;
            for row in &rows {
                let typed: Typed = stored::from_json(&row.get::<String>(1)?)?;
                keys.extend(typed.custom.iter().flat_map(|custom| custom.keys()).map(str::to_owned));
                after = Some(row.get(0)?).filter(|_| i64::try_from(rows.len()) == Ok(PAGE));
            }
        }
        Ok(keys)
    }
}

fn device(row: &Row) -> Result<Device, sqlx::Error> {
    let mut columns = Columns::of(row);
    let (id, device_identifier, version) = (columns.next()?, columns.next()?, columns.next()?);
    let typed: Typed = stored::from_json(columns.text()?)?;
    let model_key = columns.text()?;
    let kind = stored::kind(columns.text()?);
    let hosted_on: Option<i64> = columns.next()?;
    let reported: Reported = stored::from_json(columns.text()?)?;
    let standing = standing(&mut columns)?;
    let benchmark_count = stored::count(columns.next()?);
    let last_benchmark = stored::last_benchmark(columns.optional_text()?)?;
    let last_seen_at = Timestamp::from_ms(columns.next()?);
    let snapshot: (Option<i64>, Option<i64>) = (columns.next()?, columns.next()?);
    let last_snapshot = snapshot.0.zip(snapshot.1).map(|(id, first)| LastSnapshot {
        id,
        first_seen_at: Timestamp::from_ms(first),
        last_seen_at,
    });
    let Reported { hostname, fqdn, model, hardware_model: _ } = reported;
    let reported_kind = (benchmark_count > 0).then_some(kind);
    Ok(Device::from(StoredDevice {
        id,
        device_identifier,
        version,
        typed,
        model_key: (!model_key.is_empty()).then(|| model_key.to_owned()),
        reported: ReportedFields { hostname, fqdn, kind: reported_kind, model, hosted_on },
        kind,
        standing,
        benchmark_count,
        last_benchmark,
        last_snapshot,
        hints: stored::hints(columns.text()?)?,
        created_at: Timestamp::from_ms(columns.next()?),
        updated_at: Timestamp::from_ms(columns.next()?),
    }))
}

/// The next five columns.
fn standing(columns: &mut Columns<'_>) -> Result<DeviceStanding, sqlx::Error> {
    let standing: Standing = stored::from_json(columns.text()?)?;
    let (global_score, ci_low, ci_high): (Option<f64>, _, _) =
        (columns.next()?, columns.next()?, columns.next()?);
    let coverage: f64 = columns.next()?;
    let score_basis = standing.basis().map(str::to_owned);
    Ok(DeviceStanding {
        ranked: score_basis.as_deref() == Some(Basis::CURRENT.as_str())
            && coverage >= RANKED_COVERAGE
            && global_score.is_some(),
        score_basis,
        global_score,
        ci_low,
        ci_high,
        coverage,
        verdict: standing.verdict(),
        components: counting(standing),
    })
}
