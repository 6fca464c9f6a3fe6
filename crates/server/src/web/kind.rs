//! Kinds of machines, as the pages name them.

pub(crate) use report::kind::DeviceKind as Kind;

use super::words::Words;

/// The chip beside a name.
pub(crate) fn chip(words: &Words, kind: Kind) -> String {
    words.t(&format!("chip-{kind}"))
}
