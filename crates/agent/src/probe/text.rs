//! Makes text that firmware and drivers hand out fit for a report.

use report::number::{Quantity, Whole};
use report::text::Name;

/// What boards and modules say where their maker filled nothing in.
const FILLERS: &[&str] = &[
    "to be filled by o.e.m.",
    "to be filled by oem",
    "default string",
    "system manufacturer",
    "system product name",
    "system version",
    "system serial number",
    "base board serial number",
    "chassis serial number",
    "not specified",
    "not available",
    "not applicable",
    "not provided",
    "not defined",
    "no module installed",
    "no dimm",
    "unknown",
    "undefined",
    "none",
    "null",
    "n/a",
    "o.e.m.",
    "oem",
    "invalid",
    "empty",
    "<out of spec>",
];

/// The text on one line without double spaces, or `None` where it says nothing.
pub(crate) fn meaningful(text: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let line = words.join(" ");
    let says_something = line.chars().any(|c| c.is_alphanumeric() && c != '0');
    (says_something && !FILLERS.contains(&line.to_lowercase().as_str())).then_some(line)
}

/// A name for the report, or `None` where the text says nothing.
pub(crate) fn name(text: &str) -> Option<Name> {
    meaningful(text).map(|line| Name::lossy(&line))
}

/// A name from text that may be absent.
pub(crate) fn name_of(text: Option<String>) -> Option<Name> {
    name(&text?)
}

/// A count that fits a report.
pub(crate) fn whole(value: u64) -> Option<Whole> {
    Whole::new(value)
}

/// The number of things in a list.
pub(crate) fn count(length: usize) -> Option<Whole> {
    Whole::new(u64::try_from(length).ok()?)
}

/// `value / divisor`, where zero means that the machine does not know.
pub(crate) fn scaled(value: u64, divisor: f64) -> Option<Quantity> {
    if value == 0 { None } else { Quantity::new(value as f64 / divisor) }
}

/// `key<separator>value` lines, both sides trimmed, quotes around the value dropped.
pub(crate) fn pairs(text: &str, separator: char) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(move |line| {
        let (key, value) = line.split_once(separator)?;
        Some((key.trim(), value.trim().trim_matches(['"', '\''])))
    })
}

/// The value of one such line.
pub(crate) fn value_of<'a>(text: &'a str, separator: char, wanted: &str) -> Option<&'a str> {
    pairs(text, separator)
        .find(|(key, _)| *key == wanted)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

/// KiB of one line of /proc/meminfo: `MemFree: 16 kB`.
pub(crate) fn kib_of(meminfo: &str, wanted: &str) -> Option<u64> {
    value_of(meminfo, ':', wanted)?.strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_say_nothing() {
        for filler in ["To Be Filled By O.E.M.", "  Default string ", "0000", "", "\u{0}", "...", "None"] {
            assert_eq!(meaningful(filler), None, "{filler:?}");
        }
        assert_eq!(meaningful(" Samsung   SSD\t980 ").as_deref(), Some("Samsung SSD 980"));
    }

    #[test]
    fn zero_is_unknown() {
        assert_eq!(scaled(0, 1e6), None);
        assert_eq!(scaled(4_200_000, 1e6), Quantity::new(4.2));
    }
}
