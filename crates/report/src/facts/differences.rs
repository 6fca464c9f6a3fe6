//! What differs between the facts of two moments, or of two machines, one thing at a time.

use serde_json::{Map, Value};

use super::Facts;
use super::pairs::{Item, pair};
use super::tree::{Branch, LISTS, alike};
use crate::missing::Missing;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// Section of the hardware: `ram`.
    pub section: String,
    /// Where, in the words of the report: `ram.layout[DIMM_A1].size_mb`, or a whole part: `ram.layout[DIMM_A1]`.
    pub path: String,
    /// What was there; null where nothing was. Of sets of words, such as flags, those that are no longer there.
    pub before: Value,
    /// What is there; null where nothing is. Of sets of words, those that were not there.
    pub after: Value,
}

/// The sections, in the order in which they are told.
const SECTIONS: [&str; 7] = ["cpu", "ram", "gpus", "storage", "network", "motherboard", "os"];

/// What is known of a machine, and what could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// What no report could read.
    pub missing: &'a [Missing],
}

/// What differs, in a stable order. A field that is absent on either side is not known there, and so no difference; of a
/// list that is there, everything is known, unless it is empty and stands in `missing`. Parts are found again by serial
/// number, slot, name or model, wherever they stand. What a rounding made of a size, and the number that the kernel gave a
/// drive or an interface this time, is no difference.
pub fn differences(before: Known<'_>, after: Known<'_>) -> Vec<Difference> {
    let mut told = Told { missing: [before.missing, after.missing], renamed: Vec::new(), found: Vec::new() };
    for section in sections(before.facts, after.facts) {
        told.field(section, section, before.facts.0.get(section), after.facts.0.get(section));
    }
    told.found
}

/// Those that both have; ones that this version does not know come last.
fn sections<'a>(before: &'a Facts, after: &Facts) -> Vec<&'a str> {
    let mut shared: Vec<&str> =
        before.0.keys().map(String::as_str).filter(|name| after.0.contains_key(*name)).collect();
    let place = |name: &str| SECTIONS.iter().position(|known| *known == name).unwrap_or(SECTIONS.len());
    shared.sort_unstable_by_key(|name| (place(name), *name));
    shared
}

struct Told<'a> {
    missing: [&'a [Missing]; 2],
    /// Old and new names of drives that only got other names.
    renamed: Vec<[String; 2]>,
    found: Vec<Difference>,
}

impl Told<'_> {
    fn push(&mut self, path: &str, before: Value, after: Value) {
        let section = path.split(['.', '[']).next().unwrap_or_default().to_owned();
        self.found.push(Difference { section, path: path.to_owned(), before, after });
    }

    fn field(&mut self, name: &str, path: &str, before: Option<&Value>, after: Option<&Value>) {
        match (before, after) {
            (Some(before), Some(after)) if alike(before, after) => {}
            (Some(Value::Object(before)), Some(Value::Object(after))) if LISTS.contains(&name) => {
                self.list(name, path, before, after);
            }
            (Some(Value::Object(before)), Some(Value::Object(after))) if name == "mitigations" => {
                self.map(path, before, after);
            }
            (Some(Value::Object(before)), Some(Value::Object(after))) => self.branch(path, before, after),
            (Some(Value::Array(before)), Some(Value::Array(after))) => {
                let only = |these: &[Value], those: &[Value]| {
                    these.iter().filter(|word| !those.contains(word)).cloned().collect()
                };
                self.push(path, only(before, after), only(after, before));
            }
            (Some(before), Some(after)) => self.push(path, before.clone(), after.clone()),
            _ => {}
        }
    }

    fn branch(&mut self, path: &str, before: &Branch, after: &Branch) {
        for name in names(before, before) {
            self.field(name, &format!("{path}.{name}"), before.get(name), after.get(name));
        }
    }

    /// A map that is always read whole: what is absent is not there.
    fn map(&mut self, path: &str, before: &Branch, after: &Branch) {
        for name in names(before, after) {
            let [old, new] = [before, after].map(|map| map.get(name).cloned().unwrap_or_default());
            if old != new {
                self.push(&format!("{path}.{name}"), old, new);
            }
        }
    }

    fn list(&mut self, name: &str, path: &str, before: &Branch, after: &Branch) {
        let unknown = [before, after];
        let unknown = [0, 1].map(|side| unknown[side].is_empty() && incomplete(self.missing[side], path));
        if unknown != [false; 2] {
            return;
        }
        for (old, new) in pair(name, before, after) {
            match (old, new) {
                (Some(old), Some(new)) => self.part(name, path, &old, &new),
                (Some(old), None) => self.push(&old.path(path), whole(old.fields), Value::Null),
                (None, Some(new)) => self.push(&new.path(path), Value::Null, whole(new.fields)),
                (None, None) => {}
            }
        }
    }

    /// A part that is on both sides. Which name the kernel gave a drive this time says nothing of the machine, where the
    /// serial number says that it is the same one; nor does the number of an interface.
    fn part(&mut self, list: &str, path: &str, old: &Item<'_>, new: &Item<'_>) {
        let names = old.name().zip(new.name()).filter(|(old, new)| old != new);
        let ignored = match (list, names) {
            ("devices", Some((before, after))) => {
                self.renamed.push([before.to_owned(), after.to_owned()]);
                true
            }
            ("partitions", Some((before, after))) => self.renamed.iter().any(|[old, new]| {
                before.strip_prefix(old).is_some_and(|rest| after.strip_prefix(new) == Some(rest))
            }),
            ("interfaces", Some((before, after))) => {
                let series = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
                series(before) == series(after)
            }
            _ => false,
        };
        let mut fields = old.fields.clone();
        if ignored {
            fields.remove("name");
        }
        self.branch(&old.path(path), &fields, new.fields);
    }
}

/// The names of both, sorted.
fn names<'a>(one: &'a Branch, other: &'a Branch) -> Vec<&'a str> {
    let mut names: Vec<&str> = one.keys().chain(other.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// That list, or its section, could not be read.
fn incomplete(missing: &[Missing], path: &str) -> bool {
    missing.iter().any(|gap| {
        let gap = gap.path.trim_start_matches("hardware.");
        gap == "hardware" || path == gap || path.strip_prefix(gap).is_some_and(|rest| rest.starts_with('.'))
    })
}

fn whole(fields: &Branch) -> Value {
    let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    Value::Object(
        sorted.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>(),
    )
}
