//! Plain values of a report as leaves of the tree of facts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::number::{Celsius, Quantity, Real, Whole};
use crate::text::{List, Text};

/// A value that is one leaf of the tree; `None` if it says nothing.
pub(super) trait Leaf {
    fn leaf(&self) -> Option<Value>;
}

impl<T: Leaf> Leaf for Option<T> {
    fn leaf(&self) -> Option<Value> {
        self.as_ref()?.leaf()
    }
}

/// Blank text is absent: firmware and old clients send it for "unknown".
impl<const MAX: usize> Leaf for Text<MAX> {
    fn leaf(&self) -> Option<Value> {
        let text = self.trim();
        (!text.is_empty()).then(|| Value::from(text))
    }
}

impl Leaf for Whole {
    fn leaf(&self) -> Option<Value> {
        Some(Value::from(self.get()))
    }
}

impl Leaf for Quantity {
    fn leaf(&self) -> Option<Value> {
        Some(Value::from(plain(self.get())))
    }
}

impl Leaf for Celsius {
    fn leaf(&self) -> Option<Value> {
        Some(Value::from(plain(self.get())))
    }
}

impl Leaf for Real {
    fn leaf(&self) -> Option<Value> {
        Some(Value::from(plain(self.get())))
    }
}

/// Twelve digits: more than any of these values is known to, and few enough that every reader of the text
/// comes to the same number.
fn plain(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

impl Leaf for bool {
    fn leaf(&self) -> Option<Value> {
        Some(Value::from(*self))
    }
}

/// A set of words, such as processor flags: order and repetition mean nothing.
impl<const MAX: usize> Leaf for List<Text<MAX>> {
    fn leaf(&self) -> Option<Value> {
        let mut words: Vec<&str> = self.iter().map(|word| word.trim()).filter(|w| !w.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        (!words.is_empty()).then(|| Value::from(words))
    }
}

/// A map that is replaced whole, such as the mitigations.
impl<T: Leaf> Leaf for BTreeMap<String, T> {
    fn leaf(&self) -> Option<Value> {
        let map: serde_json::Map<String, Value> =
            self.iter().filter_map(|(key, value)| Some((key.clone(), value.leaf()?))).collect();
        (!map.is_empty()).then_some(Value::Object(map))
    }
}
