//! `benchtools run --short`, as a person runs it, once.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::Value;

use crate::args::Args;
use crate::figure::{Bound, Figure, Figures};
use crate::ground::Ground;

const LIMIT: Duration = Duration::from_secs(60);

/// The whole run, from the start of the program to its end.
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let program = args.agent()?.canonicalize().context("no agent there")?;
    let folder = ground.empty("short")?;
    let mut command = Command::new(program);
    command.args(["run", "--short", "--dry-run", "--skip-network"]).current_dir(&folder);
    command.env("HOME", &folder).env_remove("API_TOKEN");
    let begun = Instant::now();
    // On a busy machine a test may run out of time (exit code 1); how long the run took is a figure all the same.
    let (status, report) = ground.run(&mut command, LIMIT)?;
    let seconds = begun.elapsed().as_secs_f64();
    let report: Value = serde_json::from_str(&report).context("the report is no JSON")?;
    let measured = report["measurements"].as_array().context("a report without measurements")?.len();
    std::fs::remove_dir_all(&folder)?;
    figures.push(
        Figure::new("benchtools run --short", seconds, "s")
            .bound(Bound::AtMost(20.0))
            .detail(format!("{measured} measurements, {status}; without a server to measure the network to")),
    );
    Ok(())
}
