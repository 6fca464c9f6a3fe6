//! What is known after one more report: what was seen now, on top of what was known before.

use serde_json::Value;

use super::pairs::pair;
use super::tree::{Branch, LISTS, alike};
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
        known.clear();
    }
    for (field, seen) in now {
        let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
        match (seen, known.get_mut(field)) {
            (Value::Object(seen), before) if LISTS.contains(&field.as_str()) => {
                let before = before.and_then(|before| before.as_object().cloned());
                // A list that could not be read is not one without anything in it.
                if before.is_some() || !seen.is_empty() || !incomplete(&path, missing) {
                    let list = list(field, seen, before.unwrap_or_default(), &path, missing);
                    known.insert(field.clone(), list.into());
                }
            }
            (Value::Object(seen), Some(Value::Object(known))) if field != "mitigations" => {
                section(seen, known, &path, missing);
            }
            (Value::Object(seen), None) if field != "mitigations" => {
                let mut fresh = Branch::new();
                section(seen, &mut fresh, &path, missing);
                if !fresh.is_empty() {
                    known.insert(field.clone(), fresh.into());
                }
            }
            (_, Some(known)) if missing.contains(&path.as_str()) || alike(known, seen) => {}
            _ => {
                known.insert(field.clone(), seen.clone());
            }
        }
    }
}

/// What was seen of a list, each part over what is known of it wherever it stood.
fn list(name: &str, now: &Branch, before: Branch, path: &str, missing: &[&str]) -> Branch {
    let (mut merged, mut left) = (Branch::new(), Vec::new());
    for (old, new) in pair(name, &before, now) {
        match (old, new) {
            (Some(old), Some(new)) => {
                let mut fields = old.fields.clone();
                // Whichever name it was given, it is that one.
                fields.extend(
                    new.fields.get_key_value("name").map(|(key, value)| (key.clone(), value.clone())),
                );
                section(new.fields, &mut fields, path, missing);
                merged.insert(new.key.to_owned(), fields.into());
            }
            (None, Some(new)) => drop(merged.insert(new.key.to_owned(), new.fields.clone().into())),
            (Some(old), None) => left.push(old),
            (None, None) => {}
        }
    }
    if incomplete(path, missing) {
        for old in left {
            merged.entry(old.key).or_insert_with(|| old.fields.clone().into());
        }
    }
    merged
}

/// That list, or its section, could not be read.
fn incomplete(path: &str, missing: &[&str]) -> bool {
    missing.iter().any(|gap| {
        path == *gap || path.strip_prefix(gap).is_some_and(|rest| rest.starts_with('.')) || *gap == "hardware"
    })
}

fn unlike(a: &Branch, b: &Branch) -> bool {
    IDENTIFYING
        .iter()
        .any(|field| matches!((a.get(*field), b.get(*field)), (Some(x), Some(y)) if !alike(x, y)))
}
