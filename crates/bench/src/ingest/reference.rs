//! The reference: the same row sets into SQLite as fast as one thread can, with so many sets in one commit.

use std::path::Path;
use std::time::{Duration, Instant};

use report::metric::CATALOGUE;
use rusqlite::{Connection, Statement, params};
use serde_json::{Value, json};

use super::reports::{self, DEVICES, MEASUREMENTS};
use crate::clock;

/// Row sets of one commit.
const BATCH: usize = 64;
const ZSTD_LEVEL: i32 = 1;

/// Row sets per second, for so long, in a new database.
pub(crate) fn run(file: &Path, length: Duration) -> anyhow::Result<f64> {
    let connection = open(file)?;
    let body = zstd::bulk::compress(&reports::body(0, clock::now()), ZSTD_LEVEL)?;
    let mut writer = Writer::new(&connection, body)?;
    let begun = Instant::now();
    let mut sets = 0;
    while begun.elapsed() < length {
        connection.execute_batch("begin immediate")?;
        for _ in 0..BATCH {
            writer.write(sets)?;
            sets += 1;
        }
        connection.execute_batch("commit")?;
    }
    let per_second = sets as f64 / begun.elapsed().as_secs_f64();
    let stored: i64 = connection.query_row("select count(*) from metric_values", [], |row| row.get(0))?;
    anyhow::ensure!(usize::try_from(stored)? == sets * MEASUREMENTS, "the reference lost rows");
    Ok(per_second)
}

/// With the pragmas of the server's own connection.
fn open(file: &Path) -> anyhow::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
         pragma journal_size_limit = 67108864;",
    )?;
    connection.execute_batch(include_str!("reference.sql"))?;
    let mut insert = connection.prepare(
        "insert into devices (device_identifier, kind, reported_json, standing_json, coverage, verdict, benchmarks, \
         last_benchmark_at, updated_at) values (?1, 'pc', '{}', '{}', 0.0, 'valid', 0, 0, 0)",
    )?;
    for device in 0..DEVICES {
        insert.execute(params![format!("bench-{device:04}")])?;
    }
    drop(insert);
    Ok(connection)
}

/// JSON of the length that the server's has for these reports.
struct Texts {
    standing: String,
    components: String,
    readings: String,
    environment: String,
    missing: String,
    reported: String,
    last: String,
}

impl Texts {
    fn new() -> Self {
        let score = json!({"score": 53.085_431_783_374_45, "low": 52.891_550_631_883_67,
            "high": 53.277_510_141_380_68, "verdict": "valid"});
        let mut evidence = score.clone();
        for (name, value) in [("preset", "normal"), ("basis", "v0"), ("effective_at", "1795507383403")] {
            evidence[name] = value.into();
        }
        evidence["benchmark_id"] = 12_345.into();
        let conditions = json!({"load_1m": 0.08, "cpu_freq_mhz": 2800.0});
        let each = |text: &Value| json!({"cpu": text, "memory": text, "disk": text, "network": text});
        Self {
            standing: each(&evidence).to_string(),
            components: each(&score).to_string(),
            readings: json!({"ram": {"used_mb": 2210}, "others": "x".repeat(260)}).to_string(),
            environment: json!({"before": conditions, "after": conditions, "bytes_sent": 2_400_000,
                "bytes_written": 2_147_483_648_u64})
            .to_string(),
            missing:
                json!([{"path": "hardware.ram.layout", "reason": "needs_root", "advice": "run as root"}])
                    .to_string(),
            reported: json!({"hostname": "bench-0000", "model": "Sample B360"}).to_string(),
            last: json!({"id": 12_345, "effective_at": "2026-11-24T08:03:03.403Z", "coverage": 0.9,
                "global_score": 21.024_438_724_864_5, "verdict": "valid", "reason": null})
            .to_string(),
        }
    }
}

/// The statements, prepared once.
struct Writer<'a> {
    device: Statement<'a>,
    benchmark: Statement<'a>,
    raw: Statement<'a>,
    metric: Statement<'a>,
    texts: Texts,
    body: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn new(connection: &'a Connection, body: Vec<u8>) -> anyhow::Result<Self> {
        Ok(Self {
            device: connection.prepare(
                "update devices set kind = 'pc', reported_json = ?2, standing_json = ?3, basis = 'v0', \
                 global_score = ?4, global_low = ?4 - 1, global_high = ?4 + 1, coverage = 0.9, verdict = 'valid', \
                 benchmarks = benchmarks + 1, last_benchmark_json = ?5, last_benchmark_at = ?6, snapshot_id = ?1, \
                 updated_at = ?6 where id = ?1",
            )?,
            benchmark: connection.prepare(
                "insert into benchmarks (report_id, body_sha256, device_id, snapshot_id, effective_at, received_at, \
                 started_at, finished_at, preset, bench_script_version, basis, global_score, global_low, global_high, \
                 coverage, verdict, components_json, readings_json, environment_json, missing_json) values (?1, ?2, ?3, \
                 ?3, ?4, ?4, ?4, ?4, 'normal', '0.1.0', 'v0', ?5, ?5 - 1, ?5 + 1, 0.9, 'valid', ?6, ?7, ?8, ?9)",
            )?,
            raw: connection.prepare("insert into raw_reports (benchmark_id, body_zstd) values (?1, ?2)")?,
            metric: connection.prepare(
                "insert into metric_values (benchmark_id, metric, variant, unit, value, low, high, spread, verdict, \
                 test_version) values (?1, ?2, '', ?3, ?4, ?5, ?6, 0.5, 'valid', 1)",
            )?,
            texts: Texts::new(),
            body,
        })
    }

    /// One set: everything that a report changes.
    fn write(&mut self, number: usize) -> rusqlite::Result<()> {
        let device_id = (number * 7 % DEVICES + 1) as i64;
        let at = 1_795_456_000_000 + number as i64;
        let score = 100.0 + (number % 97) as f64 / 8.0;
        let id = uuid::Uuid::now_v7().to_string();
        let Texts { standing, components, readings, environment, missing, reported, last } = &self.texts;
        let hash = [7_u8; 32];
        let benchmark = params![id, hash, device_id, at, score, components, readings, environment, missing];
        let benchmark_id = self.benchmark.insert(benchmark)?;
        self.raw.execute(params![benchmark_id, self.body])?;
        for metric in CATALOGUE.iter().take(MEASUREMENTS) {
            let values = params![benchmark_id, metric.id, metric.unit, score, score - 0.75, score + 0.75];
            self.metric.execute(values)?;
        }
        self.device.execute(params![device_id, reported, standing, score, last, at]).map(drop)
    }
}

/// How many benchmarks a database of the server's holds.
pub(crate) fn stored(file: &Path) -> anyhow::Result<u64> {
    let connection = Connection::open(file)?;
    let count: i64 = connection.query_row("select count(*) from benchmarks", [], |row| row.get(0))?;
    Ok(u64::try_from(count)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_writes_whole_sets() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reference.db");
        assert!(run(&file, Duration::from_millis(1)).unwrap() > 0.0);
        let stored = stored(&file).unwrap();
        assert!(stored > 0 && stored.is_multiple_of(BATCH as u64), "{stored}");
    }
}
