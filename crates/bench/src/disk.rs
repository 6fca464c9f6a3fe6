//! The disk's figures beside fio: same size of file, engine, depth and direct flag, on the same filesystem.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::agent;
use crate::args::Args;
use crate::compare::Comparison;
use crate::figure::{Figures, number};
use crate::ground::Ground;

const MIB: u64 = 1 << 20;
const FILE_BYTES: u64 = 256 * MIB;
/// What is measured of one run of fio.
const LENGTH: Duration = Duration::from_millis(1000);
/// The agent lays its file out anew each time: at most a third of this goes there, as in a normal run.
const BUDGET: Duration = Duration::from_millis(2000);
const LIMIT: Duration = Duration::from_secs(60);

/// One way of reading or writing.
struct Pattern {
    metric: &'static str,
    title: &'static str,
    /// fio's word for it.
    rw: &'static str,
    block_bytes: u64,
    depth: u32,
}

const PATTERNS: [Pattern; 6] = [
    pattern("disk.read_mb_s", "sequential read", "read", (MIB, 8)),
    pattern("disk.write_mb_s", "sequential write", "write", (MIB, 8)),
    pattern("disk.iops_read", "random read, depth 32", "randread", (4096, 32)),
    pattern("disk.iops_write", "random write, depth 32", "randwrite", (4096, 32)),
    pattern("disk.iops_read_qd1", "random read, depth 1", "randread", (4096, 1)),
    pattern("disk.iops_write_qd1", "random write, depth 1", "randwrite", (4096, 1)),
];

const fn pattern(
    metric: &'static str,
    title: &'static str,
    rw: &'static str,
    (block_bytes, depth): (u64, u32),
) -> Pattern {
    Pattern { metric, title, rw, block_bytes, depth }
}

/// Takes the pairs of every pattern.
pub(crate) fn measure(args: &Args, ground: &Ground, figures: &mut Figures) -> anyhow::Result<()> {
    let program = args.agent()?;
    let folder = ground.empty("disk")?;
    let file = folder.join("fio");
    fio(ground, &file, &["--rw=write", "--bs=1M", "--iodepth=8", "--end_fsync=1"])?;
    for pattern in PATTERNS {
        let plan = json!({"preset": "normal", "disk_paths": [folder], "disk": {"file_bytes": FILE_BYTES}});
        let ours = || agent::measure(ground, program, pattern.metric, BUDGET, plan.clone());
        let unit = if pattern.rw.starts_with("rand") { "IOPS" } else { "MB/s" };
        let comparison =
            Comparison { name: format!("disk, {}, beside fio", pattern.title), tool: "fio", unit };
        let figure = comparison.take(|| reference(ground, &file, &pattern), ours)?;
        println!("  {}: {} × fio; {}", pattern.title, number(figure.value), figure.detail);
        figures.push(figure);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// fio's figure for the pattern.
fn reference(ground: &Ground, file: &Path, pattern: &Pattern) -> anyhow::Result<f64> {
    let arguments = [
        format!("--rw={}", pattern.rw),
        format!("--bs={}", pattern.block_bytes),
        format!("--iodepth={}", pattern.depth),
        format!("--runtime={}ms", LENGTH.as_millis()),
        // The agent does not count its first samples either.
        "--ramp_time=150ms".to_owned(),
        "--time_based".to_owned(),
        // The agent, too, may come to the same place twice.
        "--norandommap".to_owned(),
    ];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    figure(&fio(ground, file, &arguments)?, pattern)
}

fn fio(ground: &Ground, file: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("fio");
    command.arg("--name=bench").arg(format!("--filename={}", file.display()));
    command.arg(format!("--size={FILE_BYTES}")).args(["--ioengine=io_uring", "--direct=1", "--thread"]);
    command.args(["--output-format=json", "--eta=never"]).args(arguments);
    ground.output(&mut command, LIMIT)
}

/// The figure in fio's JSON, in the unit of ours. Warnings may stand before it.
fn figure(text: &str, pattern: &Pattern) -> anyhow::Result<f64> {
    let json = text.find('{').map_or(text, |start| &text[start..]);
    let result: Value = serde_json::from_str(json).with_context(|| format!("fio printed: {text}"))?;
    let side = if pattern.rw.ends_with("read") { "read" } else { "write" };
    let side = &result["jobs"][0][side];
    let number = match pattern.rw {
        "read" | "write" => side["bw_bytes"].as_f64().map(|bytes| bytes / 1e6),
        _ => side["iops"].as_f64(),
    };
    number.with_context(|| format!("fio printed: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_side_and_unit_is_taken() {
        let text = r#"note: something
            {"jobs": [{"read": {"bw_bytes": 2000000, "iops": 7.5}, "write": {"bw_bytes": 3000000, "iops": 8.5}}]}"#;
        let figures: Vec<f64> = PATTERNS.iter().map(|pattern| figure(text, pattern).unwrap()).collect();
        assert_eq!(figures, [2.0, 3.0, 7.5, 8.5, 7.5, 8.5]);
        assert!(figure("fio: no such engine", &PATTERNS[0]).is_err());
        assert!(PATTERNS.iter().all(|p| report::MetricId::new(p.metric).unwrap().definition().is_some()));
    }
}
