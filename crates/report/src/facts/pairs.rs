//! Which part of one list is which part of the other.

use serde_json::Value;

use super::tree::Branch;

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// Under which it stands in the tree.
    pub(super) key: &'a str,
    /// What it is called.
    label: &'a str,
    /// What is known of it.
    pub(super) fields: &'a Branch,
}

impl Item<'_> {
    /// Where it stands: `ram.layout[DIMM_A1]`.
    pub(super) fn path(&self, list: &str) -> String {
        format!("{list}[{}]", self.label)
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    /// What the kernel calls it.
    pub(super) fn name(&self) -> Option<&str> {
        self.text("name")
    }
}

/// How parts of a list are found again.
struct Identity {
    /// Numbers that no two parts share.
    serials: &'static [&'static str],
    /// Two parts with one of these unlike are two parts, whatever their place.
    unlike: &'static [&'static str],
    /// What all parts of one make share: tells them apart where there is only one.
    model: Option<&'static str>,
    /// What people call it, where that is not the key.
    label: Option<&'static str>,
}

fn identity(list: &str) -> Identity {
    match list {
        // What lies in a slot is that slot's, even if it is another module now.
        "layout" => Identity { serials: &["serial_hash", "serial"], unlike: &[], model: None, label: None },
        "devices" => Identity {
            serials: &["serial_hash", "serial"],
            unlike: &["serial_hash", "serial", "model"],
            model: Some("model"),
            label: Some("name"),
        },
        "interfaces" => Identity {
            serials: &["mac_hash", "mac"],
            unlike: &["mac_hash", "mac"],
            model: None,
            label: Some("name"),
        },
        "gpus" => Identity { serials: &[], unlike: &["pci_id"], model: Some("model"), label: Some("model") },
        _ => Identity { serials: &[], unlike: &[], model: None, label: None },
    }
}

/// The parts of both lists, in the order of their names; each with itself where it is on both sides.
pub(super) fn pair<'a>(
    list: &str,
    before: &'a Branch,
    after: &'a Branch,
) -> Vec<(Option<Item<'a>>, Option<Item<'a>>)> {
    let identity = identity(list);
    let (mut old, mut new) = (items(before, &identity), items(after, &identity));
    let mut pairs = Vec::new();
    for serial in identity.serials {
        join(&mut old, &mut new, &mut pairs, |a, b| {
            a.text(serial).is_some() && a.text(serial) == b.text(serial)
        });
    }
    let like = |a: &Item<'_>, b: &Item<'_>| {
        !identity
            .unlike
            .iter()
            .any(|field| matches!((a.text(field), b.text(field)), (Some(x), Some(y)) if x != y))
    };
    join(&mut old, &mut new, &mut pairs, |a, b| a.key == b.key && like(a, b));
    if let Some(model) = identity.model {
        join(&mut old, &mut new, &mut pairs, |a, b| {
            a.text(model).is_some() && a.text(model) == b.text(model) && like(a, b)
        });
    }
    let mut all: Vec<(Option<Item<'a>>, Option<Item<'a>>)> = Vec::new();
    all.extend(pairs.into_iter().map(|(old, new)| (Some(old), Some(new))));
    all.extend(old.into_iter().map(|old| (Some(old), None)));
    all.extend(new.into_iter().map(|new| (None, Some(new))));
    all.sort_by_key(|(old, new)| (old.or(*new).map(|item| (item.label, item.key)), old.is_none()));
    all
}

fn items<'a>(list: &'a Branch, identity: &Identity) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = Vec::with_capacity(list.len());
    for (key, value) in list {
        let Value::Object(fields) = value else { continue };
        let named = identity.label.and_then(|label| fields.get(label)?.as_str());
        items.push(Item { key, label: named.unwrap_or(key), fields });
    }
    // Two cards of one model are told apart by their keys.
    let labels: Vec<&str> = items.iter().map(|item| item.label).collect();
    for item in &mut items {
        if labels.iter().filter(|label| **label == item.label).count() > 1 {
            item.label = item.key;
        }
    }
    items
}

/// Takes out those of which each has exactly one like it on the other side.
fn join<'a>(
    old: &mut Vec<Item<'a>>,
    new: &mut Vec<Item<'a>>,
    pairs: &mut Vec<(Item<'a>, Item<'a>)>,
    same: impl Fn(&Item<'a>, &Item<'a>) -> bool,
) {
    let mut found = Vec::new();
    for (place, a) in old.iter().enumerate() {
        let mut alike = (0..new.len()).filter(|b| same(a, &new[*b]));
        if let (Some(b), None) = (alike.next(), alike.next())
            && old.iter().filter(|other| same(other, &new[b])).count() == 1
        {
            found.push((place, b));
        }
    }
    pairs.extend(found.iter().map(|(a, b)| (old[*a], new[*b])));
    *old = without(old, |place| found.iter().any(|(a, _)| *a == place));
    *new = without(new, |place| found.iter().any(|(_, b)| *b == place));
}

fn without<'a>(items: &[Item<'a>], taken: impl Fn(usize) -> bool) -> Vec<Item<'a>> {
    items.iter().enumerate().filter(|(place, _)| !taken(*place)).map(|(_, item)| *item).collect()
}
