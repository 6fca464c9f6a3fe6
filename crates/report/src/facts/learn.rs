//! Whether a report says something new of a machine, and what is known of it afterwards.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::pairs::{Item, pair};
use super::tree::Branch;
use super::{Facts, FactsError, Known, differences};
use crate::missing::Missing;

/// What one more report comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// What is known now.
    pub facts: Facts,
    /// [`differences()`] has something to tell of what was known before and of this: it is another snapshot. Else `facts` is
    /// the snapshot that was there, with what was learned: each part under the name that it had.
    pub news: bool,
}

/// The lists whose parts the kernel names, and numbers anew at each start.
const NUMBERED: [(&str, &str); 3] =
    [("storage", "devices"), ("storage", "partitions"), ("network", "interfaces")];

impl Facts {
    /// What is known after seeing `self` on top of `previous`, as [`Facts::over`] has it, and whether it is worth telling.
    /// A snapshot is made exactly then: a field that was not known before is filled into the one that is there, since the
    /// machine did not change by our learning it; a drive that the kernel calls otherwise keeps its name there, since every
    /// benchmark that shares the snapshot goes by that (see [`Facts::under_known_names`]).
    #[must_use]
    pub fn learn(&self, previous: &Self, missing: &[Missing]) -> Learned {
        let facts = self.over(previous, missing);
        let news = facts.differs_from(previous);
        Learned { facts: if news { facts } else { facts.named_as_in(previous) }, news }
    }

    /// Something is to be told of the two.
    pub fn differs_from(&self, before: &Self) -> bool {
        let known = |facts| Known { facts, missing: &[] };
        !differences(known(before), known(self)).is_empty()
    }

    /// Readings that were taken together with `self`, under the names that their parts have in `known`: each that has another
    /// name now says so itself. `None` if all have the same.
    ///
    /// # Errors
    /// If `readings` is no JSON object.
    pub fn under_known_names(&self, known: &Self, readings: &str) -> Result<Option<String>, FactsError> {
        let mut lists = Vec::new();
        for (section, name) in NUMBERED {
            if let (Some(known), Some(now)) = (known.list(section, name), self.list(section, name)) {
                lists.push((section, name, renamed(name, known, now)));
            }
        }
        lists.retain(|(_, _, renamed)| !renamed.is_empty());
        if lists.is_empty() {
            return Ok(None);
        }
        let mut readings: Branch = serde_json::from_str(readings)?;
        for (section, name, renamed) in lists {
            let section = readings.entry(section).or_insert_with(|| Value::Object(Map::new()));
            if let Some(section) = section.as_object_mut() {
                let taken = section.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
                section.insert(name.to_owned(), moved_to(taken, renamed).into());
            }
        }
        Ok(Some(Value::Object(readings).to_string()))
    }

    fn list(&self, section: &str, name: &str) -> Option<&Branch> {
        self.0.get(section)?.get(name)?.as_object()
    }

    /// The parts that are in `previous` under the names that they have there.
    fn named_as_in(mut self, previous: &Self) -> Self {
        for (section, name) in NUMBERED {
            let Some(before) = previous.list(section, name) else { continue };
            let Some(now) = self.0.get_mut(section).and_then(|section| section.get_mut(name)) else {
                continue;
            };
            if let Value::Object(list) = now {
                *list = named_as(name, before, list);
            }
        }
        self
    }
}

fn named_as(name: &str, before: &Branch, now: &Branch) -> Branch {
    let (mut named, mut others) = (Branch::new(), Vec::new());
    for (old, new) in pair(name, before, now) {
        let Some(new) = new else { continue };
        let Some(old) = old else {
            others.push(new);
            continue;
        };
        let mut fields = new.fields.clone();
        if let Some(name) = old.fields.get("name") {
            fields.insert("name".to_owned(), name.clone());
        }
        named.insert(old.key.to_owned(), fields.into());
    }
    for other in others {
        named.entry(other.key).or_insert_with(|| other.fields.clone().into());
    }
    named
}

/// By its key of now: the key that a part has in `known`, and its name of now where that is another.
type Renamed = BTreeMap<String, (String, Option<Value>)>;

fn renamed(list: &str, known: &Branch, now: &Branch) -> Renamed {
    let both = pair(list, known, now).into_iter().filter_map(|(old, new)| old.zip(new));
    let other =
        both.filter(|(old, new): &(Item<'_>, Item<'_>)| old.key != new.key || old.name() != new.name());
    let entry = |(old, new): (Item<'_>, Item<'_>)| {
        let name = new.fields.get("name").filter(|_| old.name() != new.name()).cloned();
        (new.key.to_owned(), (old.key.to_owned(), name))
    };
    other.map(entry).collect()
}

fn moved_to(mut taken: Branch, renamed: Renamed) -> Branch {
    let mut moved = Branch::new();
    for (now, (known, name)) in renamed {
        let mut fields = taken.remove(&now).and_then(|one| one.as_object().cloned()).unwrap_or_default();
        if let Some(name) = name {
            fields.insert("name".to_owned(), name);
        }
        moved.insert(known, fields.into());
    }
    for (key, fields) in taken {
        moved.entry(key).or_insert(fields);
    }
    moved
}
