//! The reference: the same row sets into SQLite as fast as one thread can, with so many sets in one commit.

use std::path::Path;
use std::time::{Duration, Instant};

use report::metric::CATALOGUE;
use rusqlite::{Connection, Statement, params};

use super::reports::{self, DEVICES, MEASUREMENTS};

/// Row sets of one commit.
const BATCH: usize = 64;
const ZSTD_LEVEL: i32 = 1;

/// Row sets per second, for so long, in a new database.
pub(crate) fn run(file: &Path, length: Duration) -> anyhow::Result<f64> {
    let connection = open(file)?;
    let body = zstd::bulk::compress(&reports::body(0), ZSTD_LEVEL)?;
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

/// The statements, and texts of the length that the server's have.
struct Writer<'a> {
    device: Statement<'a>,
    benchmark: Statement<'a>,
    raw: Statement<'a>,
    metric: Statement<'a>,
    body: Vec<u8>,
    standing: String,
    components: String,
    readings: String,
}

impl<'a> Writer<'a> {
    fn new(connection: &'a Connection, body: Vec<u8>) -> anyhow::Result<Self> {
        let component = r#"{"score":118.25,"low":116.5,"high":120.0,"verdict":"valid","reasons":[]}"#;
        let evidence = format!(
            r#"{{"benchmark_id":12345,"effective_at":1795456000000,"preset":"normal","basis":"v0","result":{component}}}"#
        );
        Ok(Self {
            device: connection.prepare(
                "update devices set kind = ?2, reported_json = ?3, standing_json = ?4, basis = 'v0', global_score = ?5, \
                 global_low = ?6, global_high = ?7, coverage = 0.75, verdict = 'valid', benchmarks = benchmarks + 1, \
                 last_benchmark_json = ?8, last_benchmark_at = ?9, snapshot_id = ?1, updated_at = ?9 where id = ?1",
            )?,
            benchmark: connection.prepare(
                "insert into benchmarks (report_id, body_sha256, device_id, snapshot_id, effective_at, received_at, \
                 started_at, finished_at, preset, bench_script_version, basis, global_score, global_low, global_high, \
                 coverage, verdict, components_json, readings_json, environment_json, missing_json) values (?1, ?2, ?3, \
                 ?3, ?4, ?4, ?4, ?4, 'normal', '0.1.0', 'v0', ?5, ?6, ?7, 0.75, 'valid', ?8, ?9, ?10, ?11)",
            )?,
            raw: connection.prepare("insert into raw_reports (benchmark_id, body_zstd) values (?1, ?2)")?,
            metric: connection.prepare(
                "insert into metric_values (benchmark_id, metric, variant, unit, value, low, high, spread, verdict, \
                 test_version) values (?1, ?2, '', ?3, ?4, ?5, ?6, 0.5, 'valid', 1)",
            )?,
            body,
            standing: format!(r#"{{"cpu":[{evidence}],"memory":[{evidence}],"disk":[{evidence}]}}"#),
            components: format!(r#"{{"cpu":{component},"memory":{component},"disk":{component}}}"#),
            readings: format!(r#"{{"ram":{{"used_mb":2210}},"other":"{}"}}"#, "x".repeat(200)),
        })
    }

    /// One set: everything that a report changes.
    fn write(&mut self, number: usize) -> rusqlite::Result<()> {
        let device = number * 5 % DEVICES;
        let at = 1_795_456_000_000_i64 + i64::try_from(number).unwrap_or(i64::MAX);
        let score = 100.0 + (number % 97) as f64 / 8.0;
        let id = uuid::Uuid::now_v7().to_string();
        let device_id = i64::try_from(device + 1).unwrap_or(i64::MAX);
        let missing = r#"[{"path":"hardware.ram.layout","reason":"needs_root","advice":"run as root"}]"#;
        let environment = r#"{"before":{"load_1m":0.08,"cpu_freq_mhz":2800},"bytes_written":2147483648}"#;
        let benchmark_id = self.benchmark.insert(params![
            id,
            [7_u8; 32],
            device_id,
            at,
            score,
            score - 1.0,
            score + 1.0,
            self.components,
            self.readings,
            environment,
            missing
        ])?;
        self.raw.execute(params![benchmark_id, self.body])?;
        for metric in CATALOGUE.iter().take(MEASUREMENTS) {
            let values = params![benchmark_id, metric.id, metric.unit, score, score - 0.75, score + 0.75];
            self.metric.execute(values)?;
        }
        let reported = r#"{"hostname":"bench-0000","model":"Sample B360","name_explicit":false}"#;
        let last =
            r#"{"id":12345,"at":1795456000000,"global_score":104.5,"coverage":0.75,"verdict":"valid"}"#;
        let low_high = (score - 1.0, score + 1.0);
        let values =
            params![device_id, "pc", reported, self.standing, score, low_high.0, low_high.1, last, at];
        self.device.execute(values).map(drop)
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
