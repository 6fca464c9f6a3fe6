//! The prime loop beside `sysbench cpu`, one thread, both on the same processor.

use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde_json::json;

use crate::agent;
use crate::args::Args;
use crate::compare::Comparison;
use crate::figure::Figures;
use crate::ground::Ground;

const METRIC: &str = "cpu.events_per_sec_single";
const LENGTH: Duration = Duration::from_secs(2);
const LIMIT: Duration = Duration::from_secs(20);

/// Takes the pairs.
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let program = args.agent()?;
    let sysbench = || {
        let mut command = Command::new("sysbench");
        let time = format!("--time={}", LENGTH.as_secs());
        command.args(["cpu", "--cpu-max-prime=20000", "--threads=1", time.as_str(), "run"]);
        events(&ground.output(&mut command, LIMIT)?)
    };
    let ours = || agent::measure(ground, program, METRIC, LENGTH, json!({"preset": "normal"}));
    let comparison =
        Comparison { name: "prime loop, beside sysbench".to_owned(), tool: "sysbench", unit: "events/s" };
    let figure = on_one_processor(|| comparison.take(sysbench, ours))?;
    figures.push(figure);
    Ok(())
}

/// Children inherit where their parent may run: the agent pins its thread, and sysbench shall not have it better.
fn on_one_processor<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let allowed = sched_getaffinity(None)?;
    let first = (0..CpuSet::MAX_CPU).find(|cpu| allowed.is_set(*cpu)).context("no processor is allowed")?;
    let mut one = CpuSet::new();
    one.set(first);
    sched_setaffinity(None, &one)?;
    let result = work();
    sched_setaffinity(None, &allowed)?;
    result
}

/// The figure in the text that sysbench prints.
fn events(text: &str) -> anyhow::Result<f64> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("events per second:"));
    line.and_then(|value| value.trim().parse().ok()).with_context(|| format!("sysbench printed: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_are_found() {
        let text =
            "CPU speed:\n    events per second:   987.65\n\nGeneral statistics:\n    total time:  2.0003s\n";
        assert_eq!(events(text).unwrap(), 987.65);
        assert!(events("FATAL: unknown").is_err());
    }
}
