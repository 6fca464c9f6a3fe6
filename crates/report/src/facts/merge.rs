//! What is known after one more report: what was seen now, on top of what was known before.

use serde_json::Value;

use super::tree::{Branch, LISTS};
use crate::missing::Missing;

/// Two parts with one of these unlike are two parts.
const IDENTIFYING: [&str; 12] = [
    "capacity_gb",
    "fs_type",
    "mac",
    "mac_hash",
    "model",
    "name",
    "part_number",
    "pci_id",
    "serial",
    "serial_hash",
    "size_mb",
    "system_model",
];

/// See [`super::Facts::over`].
pub(super) fn over(now: &Branch, previous: &Branch, missing: &[Missing]) -> Branch {
    let missing: Vec<&str> = missing.iter().map(|entry| entry.path.trim_start_matches("hardware.")).collect();
    let mut known = previous.clone();
    let board = |facts: &Branch| facts.get("motherboard").and_then(Value::as_object).cloned();
    if let (Some(new), Some(old)) = (board(now), board(previous))
        && unlike(&new, &old)
    {
        known.remove("ram");
    }
    section(now, &mut known, "", &missing);
    known
}

/// Lays what was seen of one section over what is `known` of it.
fn section(now: &Branch, known: &mut Branch, path: &str, missing: &[&str]) {
    if unlike(now, known) {
        known.clone_from(now);
        return;
    }
    for (field, seen) in now {
        let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
        match (seen, known.get_mut(field)) {
            (Value::Object(seen), Some(Value::Object(known))) if LISTS.contains(&field.as_str()) => {
                list(seen, known, &path, missing);
            }
            (Value::Object(seen), Some(Value::Object(known))) if field != "mitigations" => {
                section(seen, known, &path, missing);
            }
            (_, Some(_)) if missing.contains(&path.as_str()) => {}
            _ => {
                known.insert(field.clone(), seen.clone());
            }
        }
    }
}

fn list(now: &Branch, known: &mut Branch, path: &str, missing: &[&str]) {
    let incomplete = missing.iter().any(|gap| {
        path == *gap || path.strip_prefix(gap).is_some_and(|rest| rest.starts_with('.')) || *gap == "hardware"
    });
    if !incomplete {
        known.retain(|key, _| now.contains_key(key));
    }
    for (key, seen) in now {
        match (seen, known.get_mut(key)) {
            (Value::Object(seen), Some(Value::Object(known))) => section(seen, known, path, missing),
            _ => {
                known.insert(key.clone(), seen.clone());
            }
        }
    }
}

fn unlike(a: &Branch, b: &Branch) -> bool {
    IDENTIFYING.iter().any(|field| matches!((a.get(*field), b.get(*field)), (Some(x), Some(y)) if x != y))
}
