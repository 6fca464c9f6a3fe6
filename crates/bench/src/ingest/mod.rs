//! Ingest: how many new reports a second the server stores durably, beside what raw SQLite does on the same disk in the
//! same minute.

pub(crate) mod load;
mod reference;
mod reports;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::args::Args;
use crate::figure::{Bound, Figure, Figures, number};
use crate::ground::Ground;
use crate::process;
use crate::server::Server;
use crate::stats::{estimate, median};
use load::Outcome;

/// What one round of the server cost.
struct Round {
    outcome: Outcome,
    /// Processor time of the server for one report, microseconds.
    server_us: f64,
    /// The same of the load, microseconds.
    load_us: f64,
    /// What the server made the disk write for one report, KiB.
    written_kib: f64,
}

/// Takes the rounds in turn: server, reference, server, …
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let length = Duration::from_secs(args.seconds);
    let mut rounds = Vec::new();
    let mut raw = Vec::new();
    for number in 1..=args.rounds {
        let folder = ground.empty("ingest")?;
        let file = folder.join("server.db");
        let round = round(args, ground, &format!("sqlite:///{}", file.display()), &folder)?;
        agree(&round.outcome, reference::stored(&file)?)?;
        let sets = reference::run(&ground.empty("reference")?.join("raw.db"), length)?;
        println!("  round {number}: {}; raw SQLite {sets:.0} sets/s", round.describe());
        rounds.push(round);
        raw.push(sets);
    }
    for name in ["ingest", "reference"] {
        std::fs::remove_dir_all(ground.path(name))?;
    }
    report(figures, &rounds, &raw)?;
    match &args.postgres {
        Some(url) => postgres(args, ground, url, figures),
        None => Ok(()),
    }
}

/// One start of the server, one load, one stop in order.
fn round(args: &Args, ground: &Ground, database: &str, folder: &Path) -> anyhow::Result<Round> {
    let server = Server::start(ground, &args.server, database, &folder.join("server.log"))?;
    let own = std::process::id();
    let before =
        (process::cpu_time(server.id())?, process::cpu_time(own)?, process::written_bytes(server.id())?);
    let outcome = load::run(server.address, args.connections, Duration::from_secs(args.seconds))?;
    let after =
        (process::cpu_time(server.id())?, process::cpu_time(own)?, process::written_bytes(server.id())?);
    server.stop()?;
    let reports = outcome.stored.max(1) as f64;
    Ok(Round {
        server_us: (after.0 - before.0).as_secs_f64() * 1e6 / reports,
        load_us: (after.1 - before.1).as_secs_f64() * 1e6 / reports,
        written_kib: after.2.saturating_sub(before.2) as f64 / 1024.0 / reports,
        outcome,
    })
}

/// Every answered report must be there, once; and nothing else, but what was cut off in flight, of which there is none.
fn agree(outcome: &Outcome, stored: u64) -> anyhow::Result<()> {
    if let Some(error) = &outcome.first_error {
        bail!("{} errors; the first: {error}", outcome.errors);
    }
    if stored != outcome.stored {
        bail!("{} reports were answered, and {stored} are in the database", outcome.stored);
    }
    Ok(())
}

impl Round {
    fn describe(&self) -> String {
        let Outcome { per_second, p50_ms, p99_ms, stored, errors, .. } = &self.outcome;
        format!(
            "{per_second:.0} reports/s, p50 {p50_ms:.1} ms, p99 {p99_ms:.1} ms, {stored} stored, {errors} errors; \
             per report: server {:.0} µs, load {:.0} µs, {:.1} KiB written",
            self.server_us, self.load_us, self.written_kib
        )
    }
}

fn report(figures: &mut Figures, rounds: &[Round], raw: &[f64]) -> anyhow::Result<()> {
    let each = |of: fn(&Round) -> f64| rounds.iter().map(of).collect::<Vec<f64>>();
    let rates = each(|round| round.outcome.per_second);
    let shares: Vec<f64> = rates.iter().zip(raw).map(|(rate, raw)| 100.0 * rate / raw).collect();
    let mut add = |name: &str, values: &[f64], unit, bound: Option<Bound>| {
        let estimate = estimate(values).context("no rounds")?;
        let range = format!("{} rounds: {} … {}", values.len(), number(estimate.low), number(estimate.high));
        let figure = Figure::new(name, estimate.median, unit).detail(range);
        figures.push(bound.map_or(figure.clone(), |bound| figure.bound(bound)));
        anyhow::Ok(())
    };
    add("ingest, SQLite", &rates, "reports/s", Some(Bound::AtLeast(2_500.0)))?;
    add("  of raw SQLite group commit", &shares, "%", Some(Bound::AtLeast(20.0)))?;
    add("  raw SQLite, 64 sets a commit", raw, "sets/s", None)?;
    add("  p50", &each(|round| round.outcome.p50_ms), "ms", None)?;
    add("  p99", &each(|round| round.outcome.p99_ms), "ms", Some(Bound::AtMost(60.0)))?;
    add("  errors", &each(|round| round.outcome.errors as f64), "", Some(Bound::AtMost(0.0)))?;
    add("  server's processor time", &each(|round| round.server_us), "µs/report", None)?;
    add("  load's processor time", &each(|round| round.load_us), "µs/report", None)?;
    add("  written to disk", &each(|round| round.written_kib), "KiB/report", None)
}

/// The same on PostgreSQL, in one database: a figure without a bound.
fn postgres(args: &Args, ground: &Ground, url: &str, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = ground.empty("postgres")?;
    let mut rates = Vec::new();
    let mut slow = Vec::new();
    let mut answered = 0;
    for number in 1..=args.rounds {
        let round = round(args, ground, url, &folder)?;
        answered += round.outcome.stored;
        let so_far = Outcome { stored: answered, ..round.outcome.clone() };
        agree(&so_far, postgres_count(url)?)?;
        println!("  PostgreSQL, round {number}: {}", round.describe());
        rates.push(round.outcome.per_second);
        slow.push(round.outcome.p99_ms);
    }
    let rate = median(&rates).context("no rounds")?;
    let setup =
        psql(url, "select setting from pg_settings where name in ('fsync', 'data_directory') order by name")?;
    let [folder, fsync] = setup.lines().collect::<Vec<_>>()[..] else { bail!("psql: {setup}") };
    let detail = format!("{} rounds, fsync {fsync}, data in {folder}", rates.len());
    figures.push(Figure::new("ingest, PostgreSQL", rate, "reports/s").detail(detail));
    figures.push(Figure::new("  p99", median(&slow).context("no rounds")?, "ms"));
    Ok(())
}

fn postgres_count(url: &str) -> anyhow::Result<u64> {
    let text = psql(url, "select count(*) from benchmarks")?;
    text.parse().with_context(|| format!("psql: {text}"))
}

fn psql(url: &str, query: &str) -> anyhow::Result<String> {
    let output = Command::new("psql").args([url, "-XtAc", query]).output().context("cannot run psql")?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
