//! The agent as a child: one metric of one component, as `benchtools run` itself asks for it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::ground::Ground;

/// A child that has not ended so long after its budget never will.
const GRACE: Duration = Duration::from_secs(20);

/// Measures one metric. `plan` is what differs from an empty plan.
pub(crate) fn measure(
    ground: &Ground,
    program: &Path,
    metric: &str,
    budget: Duration,
    mut plan: Value,
) -> anyhow::Result<f64> {
    let (component, _) = metric.split_once('.').context("a metric begins with its component")?;
    plan["only"] = metric.into();
    plan["budget"] = serde_json::to_value(budget)?;
    let plan = plan.to_string();
    let (reading, mut writing) = std::io::pipe()?;
    let mut command = Command::new(program);
    command.args(["measure", component]).stdin(Stdio::from(reading));
    // A pipe holds far more than a plan has.
    writing.write_all(plan.as_bytes())?;
    drop(writing);
    let lines = ground.output(&mut command, budget + GRACE)?;
    value(&lines, metric)
}

/// The value in what the child wrote.
fn value(lines: &str, metric: &str) -> anyhow::Result<f64> {
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).with_context(|| format!("no JSON: {line}"))?;
        let measurement = &line["measurement"];
        if measurement["metric"] == metric {
            return measurement["value"].as_f64().with_context(|| format!("without a value: {measurement}"));
        }
    }
    bail!("{metric} was not measured: {lines}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_found_among_the_lines() {
        let lines = "{\"progress\":\"disk: layout\"}\n{\"written\":4096}\n\
                     {\"measurement\":{\"metric\":\"disk.iops_read\",\"value\":5200.5}}\n{\"done\":true}\n";
        assert_eq!(value(lines, "disk.iops_read").unwrap(), 5200.5);
        assert!(value(lines, "disk.iops_write").is_err());
        assert!(value("panicked\n", "disk.iops_read").is_err());
    }
}
