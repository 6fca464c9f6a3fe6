//! One component's process, as the agent starts it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The agent's program file.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_benchtools"))
}

/// Lets it measure by this plan; returns its lines.
pub(crate) fn measure(component: &str, plan: &Value) -> Vec<Value> {
    measure_by(Command::new(program()), component, plan)
}

/// The same through another command, which may put it into a surrounding of its own.
pub(crate) fn measure_by(mut command: Command, component: &str, plan: &Value) -> Vec<Value> {
    command.args(["measure", component]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(plan.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last(), Some(&serde_json::json!({"done": true})), "{text}");
    lines
}

/// What was measured, by metric.
pub(crate) fn measurement<'a>(lines: &'a [Value], metric: &str) -> &'a Value {
    let found = lines.iter().map(|line| &line["measurement"]).find(|one| one["metric"] == metric);
    found.unwrap_or_else(|| panic!("no {metric} in {lines:#?}"))
}

/// The lines of one kind: `missing`, `failed`, `sent` …
pub(crate) fn said<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter_map(|line| line.get(kind)).collect()
}

/// The report that holds these lines, as the agent would put it together; judged.
pub(crate) fn judged(lines: &[Value]) -> report::verdict::Judgement {
    let missing: Vec<&Value> = said(lines, "missing").into_iter().chain(said(lines, "failed")).collect();
    let report = serde_json::json!({
        "device_identifier": "tested", "measurements": said(lines, "measurement"), "missing": missing,
    });
    report::verdict::judge(&report::parse(report.to_string().as_bytes()).unwrap())
}
