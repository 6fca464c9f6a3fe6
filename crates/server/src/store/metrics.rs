//! Figures by metric.

use report::{Direction, MetricId, Timestamp};
use sqlx::AssertSqlSafe;

use super::connection::Read;
use super::paging::{Filter, KeyKind, List, Sort};
use super::snapshots::device_exists;
use super::value::{Columns, Row, Value};
use super::{Store, StoreError, stored};
use crate::domain::metric::{Metric, NewestValue, Point, SeriesQuery};
use crate::domain::paging::{Key, Paging, Part, Place, Start, Total};

const POINT: &str =
    "b.id, b.effective_at, b.preset, b.excluded, m.value, m.low, m.high, m.verdict, m.test_version, m.unit";

/// Of every device the newest figure that counts. The index leads to the newest benchmark of a device, which mostly has it.
const NEWEST: &str = "from devices d join benchmarks b on b.id = (select c.id from benchmarks c join metric_values x \
                      on x.benchmark_id = c.id and x.metric = $1 and x.variant = '' and x.verdict <> 'invalid' \
                      where c.device_id = d.id and c.excluded = 0 order by c.effective_at desc, c.id desc limit 1) \
                      join metric_values m on m.benchmark_id = b.id and m.metric = $1 and m.variant = ''";

impl Store {
    /// The metrics that machines have figures of, by their ids: those of each machine's newest measurement that counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn metrics(&self) -> Result<Vec<Metric>, StoreError> {
        let sql = "select m.metric, count(*) from devices d join metric_values m on m.variant = '' and m.benchmark_id = \
                   (select c.id from benchmarks c where c.device_id = d.id and c.excluded = 0 \
                   and exists (select 1 from metric_values x where x.benchmark_id = c.id) \
                   order by c.effective_at desc, c.id desc limit 1) group by m.metric order by m.metric";
        let rows = self.read().await?.fetch(sql, Vec::new()).await?;
        let metric = |row: &Row| {
            Ok(Metric::new(stored::metric_id(&row.get::<String>(0)?)?, stored::count(row.get(1)?)))
        };
        rows.iter().map(metric).collect()
    }

    /// A part of the series of a device, oldest first, and which variants of the metric it has; `None` if there is no such
    /// device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn series(
        &self,
        device_id: i64,
        metric: &MetricId,
        query: &SeriesQuery,
        paging: &Paging,
    ) -> Result<Option<(Vec<String>, Part<Point>)>, StoreError> {
        let mut read = self.read().await?;
        if !device_exists(&mut read, device_id).await? {
            return Ok(None);
        }
        let variants = variants(&mut read, device_id, metric).await?;
        let SeriesQuery { from, to, variant } = query;
        let chosen =
            [device_id.into(), metric.as_str().into(), variant.as_deref().unwrap_or_default().into()];
        let has = "b.device_id = ? and exists (select 1 from metric_values x where x.benchmark_id = b.id \
                   and x.metric = ? and x.variant = ?)";
        let filter = Filter::default()
            .and(has, chosen)
            .and_if("b.effective_at >= ?", from.map(Timestamp::as_ms))
            .and_if("b.effective_at < ?", to.map(Timestamp::as_ms));
        let list = List {
            columns: POINT,
            items: "benchmarks b",
            // The first three values of the filter.
            joined: "join metric_values m on m.benchmark_id = b.id and m.metric = $2 and m.variant = $3",
            filter,
            sort: Sort { key: "b.effective_at", kind: KeyKind::Int, id: "b.id", descending: false },
        };
        let part = list.read(&mut read, paging).await?;
        Ok(Some((variants, part.try_map(|row| point(&mut Columns::of(&row)))?)))
    }

    /// A part of the newest figures of all devices, the best first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn newest_values(
        &self,
        metric: &MetricId,
        paging: &Paging,
    ) -> Result<Part<NewestValue>, StoreError> {
        let lower = metric.definition().is_some_and(|metric| metric.direction == Direction::Lower);
        let (order, beyond) = if lower { ("", ">") } else { (" desc", "<") };
        let mut values = vec![
            Value::from(metric.as_str()),
            (i64::from(paging.page_size) + 1).into(),
            paging.offset().into(),
        ];
        let mut behind = String::new();
        if let Start::Behind(Place { key, id }) = &paging.start {
            values.extend([KeyKind::Real.value(key)?, (*id).into()]);
            behind = format!(" where (m.value, d.id) {beyond} ($4, $5)");
        }
        // All of them are looked at to find the best, and counted on the way.
        let sql = format!(
            "select d.id, d.name, {POINT}, count(*) over () {NEWEST}{behind} \
             order by m.value{order}, d.id{order} limit $2 offset $3"
        );
        let mut read = self.read().await?;
        let rows = read.fetch(AssertSqlSafe(sql), values).await?;
        let total = match rows.first().filter(|_| behind.is_empty()) {
            Some(row) => Total::of(stored::count(row.get(row.len() - 1)?)),
            None => total(&mut read, metric).await?,
        };
        let items = rows.iter().map(newest).collect::<Result<Vec<_>, sqlx::Error>>()?;
        let place = |last: &NewestValue| Ok(Place { key: Key::Real(last.point.value), id: last.device_id });
        Part::cut(items, paging, total, place)
    }
}

async fn total(read: &mut Read, metric: &MetricId) -> Result<Total, sqlx::Error> {
    let sql = format!("select count(*) from (select 1 {NEWEST} limit {}) counted", Total::COUNTED + 1);
    let row = read.fetch_first(AssertSqlSafe(sql), vec![metric.as_str().into()]).await?;
    Ok(Total::of(stored::count(row.ok_or(sqlx::Error::RowNotFound)?.get(0)?)))
}

async fn variants(read: &mut Read, device_id: i64, metric: &MetricId) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select distinct m.variant from benchmarks b join metric_values m on m.benchmark_id = b.id \
               where b.device_id = $1 and m.metric = $2 and m.variant <> '' order by m.variant";
    let rows = read.fetch(sql, vec![device_id.into(), metric.as_str().into()]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

fn newest(row: &Row) -> Result<NewestValue, sqlx::Error> {
    let mut columns = Columns::of(row);
    let (device_id, device_name) = (columns.next()?, columns.next()?);
    Ok(NewestValue { device_id, device_name, point: point(&mut columns)? })
}

fn point(columns: &mut Columns<'_>) -> Result<Point, sqlx::Error> {
    Ok(Point {
        benchmark_id: columns.next()?,
        effective_at: Timestamp::from_ms(columns.next()?),
        preset: columns.next::<Option<String>>()?.as_deref().and_then(stored::preset),
        excluded: columns.next::<i64>()? != 0,
        value: columns.next()?,
        ci_low: columns.next()?,
        ci_high: columns.next()?,
        verdict: stored::verdict(&columns.next::<String>()?),
        test_version: columns.next::<Option<i64>>()?.and_then(|version| u64::try_from(version).ok()),
        unit: columns.next()?,
    })
}
