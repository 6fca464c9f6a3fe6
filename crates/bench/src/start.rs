//! Start: from the start of the program to the first healthy answer, on a database that is in use; and the memory that
//! the server then holds.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::args::Args;
use crate::figure::{Bound, Figure, Figures, number};
use crate::ground::Ground;
use crate::ingest::load;
use crate::process;
use crate::server::Server;
use crate::stats::{estimate, percentile};

/// Benchmarks in the database, at least.
const BENCHMARKS: u64 = 2_000;
const STARTS: usize = 20;
/// Rounds of a second to fill the database with; a server that needs more is far too slow.
const FILLING: usize = 20;

/// Fills a database, and starts the server on it again and again.
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let folder = ground.empty("start")?;
    let log = folder.join("server.log");
    let database = format!("sqlite:///{}", folder.join("server.db").display());
    let stored = fill(args, ground, &database, &log)?;
    let (mut ready_ms, mut resident_mb, mut proportional_mb) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = Server::start(ground, &args.server, &database, &log)?;
        // The check of its health was its one request.
        let memory = process::memory(server.id())?;
        ready_ms.push(server.ready_after.as_secs_f64() * 1e3);
        resident_mb.push(memory.resident_bytes as f64 / 1e6);
        proportional_mb.push(memory.proportional_bytes as f64 / 1e6);
        server.stop()?;
    }
    std::fs::remove_dir_all(&folder)?;
    let ready = estimate(&ready_ms).context("no starts")?;
    let slowest = percentile(&ready_ms, 100).context("no starts")?;
    let detail = format!(
        "{STARTS} starts on {stored} benchmarks: {} … {}, slowest {}",
        number(ready.low),
        number(ready.high),
        number(slowest)
    );
    figures.push(
        Figure::new("start to first healthy answer", ready.median, "ms")
            .bound(Bound::AtMost(50.0))
            .detail(detail),
    );
    let resident = estimate(&resident_mb).context("no starts")?;
    let proportional = estimate(&proportional_mb).context("no starts")?;
    figures.push(
        Figure::new("idle memory (resident)", resident.median, "MB")
            .bound(Bound::AtMost(15.0))
            .detail(format!("after one request; proportional share: {} MB", number(proportional.median))),
    );
    Ok(())
}

fn fill(args: &Args, ground: &Ground, database: &str, log: &Path) -> anyhow::Result<u64> {
    let server = Server::start(ground, &args.server, database, log)?;
    let mut stored = 0;
    for _ in 0..FILLING {
        let outcome = load::run(server.address, args.connections, Duration::from_secs(1))?;
        if let Some(error) = outcome.first_error {
            bail!("the database could not be filled: {error}");
        }
        stored += outcome.stored;
        if stored >= BENCHMARKS {
            server.stop()?;
            return Ok(stored);
        }
    }
    bail!("only {stored} reports were stored in {FILLING} s")
}
