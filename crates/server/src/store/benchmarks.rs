//! Benchmarks as the API serves them.

use std::collections::BTreeMap;

use report::measurement::Verdict;
use report::score::Basis;
use report::series::MetricValue;
use report::text::Name;
use report::{Component, Preset, Timestamp};
use sqlx::AssertSqlSafe;

use super::connection::Read;
use super::paging::{Filter, KeyKind, List, Sort};
use super::settled::Table;
use super::snapshots::{corrupt, device_exists, facts};
use super::value::{Columns, Row};
use super::{Store, StoreError, stored};
use crate::domain::benchmark::{Benchmark, ComponentScore, FullBenchmark, measurements};
use crate::domain::benchmark_query::BenchmarkQuery;
use crate::domain::paging::{Paging, Part};
use crate::domain::snapshot::hardware;
use crate::domain::standing::ComponentResult;
use crate::domain::submission::decompress;

const COLUMNS: &str = "b.id, b.report_id, b.device_id, \
                       (select d.name from devices d where d.id = b.device_id), b.snapshot_id, \
                       b.effective_at, b.received_at, b.started_at, b.finished_at, b.preset, \
                       b.bench_script_version, b.label, b.note, b.excluded, b.excluded_reason, b.basis, b.global_score, b.global_low, \
                       b.global_high, b.coverage, b.verdict, b.components_json, b.notes_json";

impl Store {
    /// A part of all benchmarks that are wanted, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn benchmarks(
        &self,
        query: &BenchmarkQuery,
        paging: &Paging,
    ) -> Result<Part<Benchmark>, StoreError> {
        let mut read = self.read_list(Table::Benchmarks, paging).await?;
        Ok(newest_first(wanted(query)).read(&mut read, paging).await?.try_map(row)?)
    }

    /// A part of a device's benchmarks that are wanted, newest first; `None` if there is no such device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_benchmarks(
        &self,
        device_id: i64,
        query: &BenchmarkQuery,
        paging: &Paging,
    ) -> Result<Option<Part<Benchmark>>, StoreError> {
        let mut read = self.read_list(Table::Benchmarks, paging).await?;
        if !device_exists(&mut read, device_id).await? {
            return Ok(None);
        }
        let list = newest_first(wanted(query).and("b.device_id = ?", [device_id.into()]));
        Ok(Some(list.read(&mut read, paging).await?.try_map(row)?))
    }

    /// So many benchmarks behind an id, in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn benchmarks_behind(&self, after: i64, count: u32) -> Result<Vec<Benchmark>, StoreError> {
        let sql = format!("select {COLUMNS} from benchmarks b where b.id > $1 order by b.id limit $2");
        let values = vec![after.into(), i64::from(count).into()];
        let rows = self.read().await?.fetch(AssertSqlSafe(sql), values).await?;
        Ok(rows.into_iter().map(row).collect::<Result<_, _>>()?)
    }

    /// One benchmark with everything in it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn benchmark(&self, id: i64) -> Result<Option<FullBenchmark>, StoreError> {
        let sql = format!(
            "select {COLUMNS}, b.missing_json, b.environment_json, b.readings_json, s.facts_json, r.body_zstd \
             from benchmarks b join hardware_snapshots s on s.id = b.snapshot_id \
             join raw_reports r on r.benchmark_id = b.id where b.id = $1"
        );
        let mut read = self.read().await?;
        let Some(row) = read.fetch_first(AssertSqlSafe(sql), vec![id.into()]).await? else { return Ok(None) };
        let figures = figures(&mut read, id).await?;
        let mut columns = Columns::of(&row);
        let benchmark = benchmark(&mut columns)?;
        let missing = stored::from_json(columns.text()?)?;
        let environment = columns.optional_text()?.map(stored::from_json).transpose()?;
        let readings = stored::from_json(columns.text()?)?;
        let hardware = hardware(facts(columns.text()?)?, &readings).map_err(corrupt)?;
        let body = unpacked(id, &columns.next::<Vec<u8>>()?)?;
        let report = report::parse_again(&body).map_err(|error| {
            StoreError::Corrupt(format!("benchmark {id} with a report that is none: {error}"))
        })?;
        let measurements = measurements(report, figures);
        Ok(Some(FullBenchmark { benchmark, measurements, missing, environment, hardware }))
    }

    /// The report of a benchmark, byte for byte as it was after decoding.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn raw_report(&self, benchmark_id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select body_zstd from raw_reports where benchmark_id = $1";
        let row = self.read().await?.fetch_first(sql, vec![benchmark_id.into()]).await?;
        row.map(|row| unpacked(benchmark_id, &row.get::<Vec<u8>>(0)?)).transpose()
    }
}

/// The conditions of a query.
pub(super) fn wanted(query: &BenchmarkQuery) -> Filter {
    let BenchmarkQuery { device, from, to, verdict, basis, preset, label, excluded } = query;
    let mut filter = Filter::default()
        .and_if("b.effective_at >= ?", from.map(Timestamp::as_ms))
        .and_if("b.effective_at < ?", to.map(Timestamp::as_ms))
        .and_if("b.verdict = ?", verdict.map(Verdict::as_str))
        .and_if("b.basis = ?", basis.map(Basis::as_str))
        .and_if("b.preset = ?", preset.map(Preset::as_str))
        .and_if("b.label = ?", label.as_ref().map(Name::as_str));
    if !device.is_empty() {
        let places = vec!["?"; device.len()].join(", ");
        filter = filter.and(&format!("b.device_id in ({places})"), device.iter().map(|id| (*id).into()));
    }
    match excluded {
        // Written out, so that the index of those few is found.
        Some(true) => filter.and("b.excluded = 1", []),
        Some(false) => filter.and("b.excluded = 0", []),
        None => filter,
    }
}

fn newest_first(filter: Filter) -> List {
    let sort = Sort { key: "b.effective_at", kind: KeyKind::Int, id: "b.id", descending: true };
    List { columns: COLUMNS, items: "benchmarks b", joined: "", filter, sort }
}

#[expect(clippy::needless_pass_by_value, reason = "the rows of a part are made into items one by one")]
fn row(row: Row) -> Result<Benchmark, sqlx::Error> {
    benchmark(&mut Columns::of(&row))
}

fn benchmark(columns: &mut Columns<'_>) -> Result<Benchmark, sqlx::Error> {
    Ok(Benchmark {
        id: columns.next()?,
        report_id: columns.next()?,
        device_id: columns.next()?,
        device_name: columns.next()?,
        snapshot_id: columns.next()?,
        effective_at: Timestamp::from_ms(columns.next()?),
        received_at: Timestamp::from_ms(columns.next()?),
        started_at: columns.next::<Option<i64>>()?.map(Timestamp::from_ms),
        finished_at: columns.next::<Option<i64>>()?.map(Timestamp::from_ms),
        preset: columns.optional_text()?.and_then(stored::preset),
        bench_script_version: columns.next()?,
        label: columns.next()?,
        note: columns.next()?,
        excluded: columns.next::<i64>()? != 0,
        excluded_reason: columns.next()?,
        score_basis: columns.next()?,
        global_score: columns.next()?,
        ci_low: columns.next()?,
        ci_high: columns.next()?,
        coverage: columns.next()?,
        verdict: stored::verdict(columns.text()?),
        components: components(columns.text()?)?,
        notes: stored::from_json(columns.text()?)?,
    })
}

fn components(text: &str) -> Result<BTreeMap<Component, ComponentScore>, sqlx::Error> {
    let results: BTreeMap<Component, ComponentResult> = stored::from_json(text)?;
    Ok(results.into_iter().map(|(component, result)| (component, result.into())).collect())
}

async fn figures(read: &mut Read, benchmark_id: i64) -> Result<Vec<MetricValue>, StoreError> {
    let sql = "select metric, variant, unit, value, low, high, spread, verdict, test_version from metric_values \
               where benchmark_id = $1 order by metric, variant";
    let rows = read.fetch(sql, vec![benchmark_id.into()]).await?;
    rows.iter().map(figure).collect()
}

fn figure(row: &Row) -> Result<MetricValue, StoreError> {
    let mut columns = Columns::of(row);
    let metric: String = columns.next()?;
    Ok(MetricValue {
        metric: stored::metric_id(&metric)?,
        variant: columns.next()?,
        unit: columns.next()?,
        value: columns.next()?,
        low: columns.next()?,
        high: columns.next()?,
        spread: columns.next()?,
        verdict: stored::verdict(&columns.next::<String>()?),
        test_version: columns.next::<Option<i64>>()?.and_then(|version| u64::try_from(version).ok()),
    })
}

fn unpacked(benchmark_id: i64, body_zstd: &[u8]) -> Result<Vec<u8>, StoreError> {
    let corrupt =
        |error| StoreError::Corrupt(format!("benchmark {benchmark_id} with a broken report: {error}"));
    decompress(body_zstd).map_err(corrupt)
}
