//! `benchtools inventory`: what this machine is made of, for people or as JSON.

use std::io::{self, Write as _};

use serde_json::{Map, Value};

use crate::cli::InventoryArgs;
use crate::probe::{self, ProbeOptions, Root};
use crate::run::Ending;
use crate::surroundings::Surroundings;

/// Carries out `benchtools inventory`. Without a server there is no fleet key, and so no hashes.
///
/// # Errors
/// When standard output is closed.
pub fn inventory(args: &InventoryArgs, _surroundings: Surroundings) -> anyhow::Result<Ending> {
    let options = ProbeOptions { include_serials: args.include_serials, fleet_key: None };
    let found = probe::inventory(&Root::system(), &options);
    let hardware = serde_json::to_value(&found.hardware)?;
    let missing = found.missing.iter().filter(|missing| missing.reason.as_str() != "no_fleet_key");
    let missing = serde_json::to_value(missing.collect::<Vec<_>>())?;
    let text = if args.json {
        let whole = Value::from_iter([("hardware", hardware), ("missing", missing)]);
        serde_json::to_string_pretty(&whole)? + "\n"
    } else {
        readable(&hardware, &missing)
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Ending::Done)
}

/// One line per field, sections and lists indented; what was not read at the end, with what would help.
fn readable(hardware: &Value, missing: &Value) -> String {
    let mut text = String::new();
    if let Value::Object(sections) = hardware {
        for (name, section) in sections {
            text.push_str(&format!("{name}\n"));
            fields(section, 1, &mut text);
        }
    }
    let missing = missing.as_array().map(Vec::as_slice).unwrap_or_default();
    if !missing.is_empty() {
        text.push_str("not read\n");
    }
    for entry in missing {
        let word = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let (path, reason, advice) = (word("path"), word("reason").replace('_', " "), word("advice"));
        let advice = if advice.is_empty() { String::new() } else { format!(" ({advice})") };
        text.push_str(&format!("  {path}: {reason}{advice}\n"));
    }
    text
}

fn fields(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| field(name, value, depth, text)),
        Value::Array(items) => items.iter().for_each(|item| list_item(item, depth, text)),
        plain => line(&shown(plain), depth, text),
    }
}

fn field(name: &str, value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let words: Vec<String> = items.iter().map(shown).collect();
            line(&format!("{name}: {}", words.join(" ")), depth, text);
        }
        Value::Object(_) | Value::Array(_) => {
            line(name, depth, text);
            fields(value, depth + 1, text);
        }
        plain => line(&format!("{name}: {}", shown(plain)), depth, text),
    }
}

/// The plain fields of an item stand on one line behind a dash.
fn list_item(item: &Value, depth: usize, text: &mut String) {
    let empty = Map::new();
    let object = item.as_object().unwrap_or(&empty);
    let (nested, plain): (Vec<_>, Vec<_>) = object.iter().partition(|(_, value)| value.is_object());
    let words: Vec<String> = plain.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect();
    line(&format!("- {}", words.join(", ")), depth, text);
    for (name, value) in nested {
        field(name, value, depth + 1, text);
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(words) => words.clone(),
        other => other.to_string(),
    }
}

fn line(words: &str, depth: usize, text: &mut String) {
    // What firmware and drives call themselves must not steer a terminal.
    let plain: String = words.chars().filter(|c| !c.is_control()).collect();
    text.push_str(&format!("{}{plain}\n", "  ".repeat(depth)));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_is_shown_and_what_was_not_read_too() {
        let hardware = json!({
            "cpu": {"model": "Some \u{1b}[31mCPU", "cores": 4, "flags": ["sse2", "avx2"]},
            "storage": {"devices": [{"name": "sda", "capacity_gb": 500.1, "link": {"speed": "6"}}]},
        });
        let missing = json!([{"path": "hardware.ram.layout", "reason": "needs_root", "advice": "use sudo"}]);
        let expected = "cpu\n  cores: 4\n  flags: sse2 avx2\n  model: Some [31mCPU\nstorage\n  devices\n    \
                        - capacity_gb 500.1, name sda\n      link\n        speed: 6\nnot read\n  \
                        hardware.ram.layout: needs root (use sudo)\n";
        assert_eq!(readable(&hardware, &missing), expected);
    }
}
