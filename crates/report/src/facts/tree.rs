//! The tree that facts and readings are kept in.

use serde_json::{Map, Value};

/// An inner node: a section, a keyed list, or an element of one.
pub(super) type Branch = Map<String, Value>;

/// Facts and readings side by side while a report is sorted.
#[derive(Default)]
pub(super) struct Split {
    pub(super) facts: Branch,
    pub(super) readings: Branch,
}

impl Split {
    /// Moves a field to the readings.
    pub(super) fn demote(&mut self, field: &str) {
        if let Some(value) = self.facts.remove(field) {
            self.readings.insert(field.to_owned(), value);
        }
    }

    /// Moves everything to the readings.
    pub(super) fn demote_all(&mut self) {
        self.readings.append(&mut self.facts);
    }
}

/// Fields that hold a list, and so are objects by key in the tree.
pub(super) const LISTS: [&str; 6] = ["clusters", "devices", "gpus", "interfaces", "layout", "partitions"];

/// Adds what `top` has to `base`; where both have a leaf, `top` wins.
pub(super) fn lay_over(base: &mut Branch, top: &Branch) {
    for (key, value) in top {
        match (base.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => lay_over(below, above),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Turns keyed lists back into plain ones, in the order of their keys.
pub(super) fn keyed_to_lists(branch: &mut Branch) {
    for (key, value) in branch.iter_mut() {
        let Value::Object(inner) = value else { continue };
        if LISTS.contains(&key.as_str()) {
            let mut elements: Vec<(String, Value)> = std::mem::take(inner).into_iter().collect();
            elements.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            *value = Value::Array(elements.into_iter().map(|(_, element)| element).collect());
        } else {
            keyed_to_lists(inner);
        }
    }
}

/// Writes the canonical text: keys sorted, whatever order the map keeps them in.
pub(super) fn write(branch: &Branch, text: &mut String) {
    let mut entries: Vec<(&String, &Value)> = branch.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push(':');
        match value {
            Value::Object(inner) => write(inner, text),
            // Arrays hold words only, so their own text is canonical.
            leaf => text.push_str(&leaf.to_string()),
        }
    }
    text.push('}');
}

/// Larger than what computing a size in another way makes of it, and smaller than what anybody would call a change.
const ROUNDING: f64 = 1e-5;

/// Equal, or equal but for a rounding.
pub(super) fn alike(one: &Value, other: &Value) -> bool {
    let fraction = |value: &Value| value.as_f64().filter(|_| !value.is_u64() && !value.is_i64());
    match (fraction(one), fraction(other)) {
        (Some(a), Some(b)) => (a - b).abs() <= a.abs().max(b.abs()) * ROUNDING,
        _ => one == other,
    }
}
