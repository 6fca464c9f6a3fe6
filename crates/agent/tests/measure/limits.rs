//! The memory's test under a limit on memory.

use std::process::Command;

use serde_json::{Value, json};

use crate::child::{measure_by, program, said};

/// The program under a limit on its address space.
fn within_kib(limit: u32) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {limit}; exec \"$0\" \"$@\"")).arg(program());
    command
}

#[test]
fn what_cannot_be_had_is_told_metric_by_metric() {
    let plan = json!({"preset": "short", "budget": {"secs": 1, "nanos": 0}});
    let lines = measure_by(within_kib(50_000), "memory", &plan);
    let failed = said(&lines, "failed");
    let told: Vec<&Value> = said(&lines, "measurement").into_iter().map(|one| &one["metric"]).collect();
    assert_eq!(told.len() + failed.len(), 9, "{lines:#?}");
    for one in &failed {
        assert!(matches!(one["reason"].as_str(), Some("no_memory" | "no_thread")), "{one}");
        assert!(!told.contains(&&one["path"]), "{one}");
    }
    // The three arrays alone have 48 MiB, whatever the machine.
    assert!(!failed.is_empty(), "{lines:#?}");
}
