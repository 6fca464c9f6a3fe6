//! One section of the hardware: a line that unfolds into facts, boxes and tables.

use super::table::Table;
use crate::web::numbers;
use crate::web::words::Words;

/// A section, ready to be shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// `Memory`.
    pub(crate) title: String,
    /// The line that is always there.
    pub(crate) summary: String,
    /// Names and values.
    pub(crate) facts: Vec<(String, String)>,
    /// Memory slots in order.
    pub(crate) slots: Vec<Slot>,
    /// Tables.
    pub(crate) tables: Vec<Table>,
    /// What could not be read.
    pub(crate) not_read: Vec<String>,
}

/// A memory slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Its name on the board.
    pub(crate) name: String,
    /// Size of the module; none in a free slot.
    pub(crate) size: Option<String>,
    /// Kind, speed, maker and part number.
    pub(crate) detail: Vec<String>,
}

impl Section {
    /// Nothing to unfold.
    pub(crate) fn is_flat(&self) -> bool {
        self.facts.is_empty() && self.slots.is_empty() && self.tables.is_empty() && self.not_read.is_empty()
    }

    /// Nothing to say at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_flat() && self.summary.is_empty()
    }
}

/// Collects names and values, passing over what is absent.
pub(crate) struct Facts<'a> {
    words: &'a Words,
    lines: Vec<(String, String)>,
}

impl<'a> Facts<'a> {
    /// An empty list.
    pub(crate) fn new(words: &'a Words) -> Self {
        Self { words, lines: Vec::new() }
    }

    /// A text, under the name that `fact-<key>` gives.
    pub(crate) fn text(mut self, key: &str, value: Option<&str>) -> Self {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            self.lines.push((self.words.t(&format!("fact-{key}")), value.to_owned()));
        }
        self
    }

    /// A number with its unit.
    pub(crate) fn number(self, key: &str, value: Option<f64>, unit: &str) -> Self {
        let language = self.words.language();
        let text = value.map(|value| match unit {
            "" => numbers::plain(language, value),
            unit => numbers::with_unit(language, value, unit),
        });
        self.text(key, text.as_deref())
    }

    /// Yes or no.
    pub(crate) fn flag(self, key: &str, value: Option<bool>) -> Self {
        let text = value.map(|value| self.words.t(if value { "yes" } else { "no" }));
        self.text(key, text.as_deref())
    }

    /// The list.
    pub(crate) fn lines(self) -> Vec<(String, String)> {
        self.lines
    }
}

/// Parts of a summary that are there, with dots between them.
pub(crate) fn summary(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A size in MiB as people say it: `16 GiB`.
pub(crate) fn mib(words: &Words, size: f64) -> String {
    let language = words.language();
    match size {
        size if size >= 1_048_576.0 => numbers::with_unit(language, size / 1_048_576.0, "TiB"),
        size if size >= 1_024.0 => numbers::with_unit(language, size / 1_024.0, "GiB"),
        size => numbers::with_unit(language, size, "MiB"),
    }
}

/// A size in KiB as people say it: `6 MiB`.
pub(crate) fn kib(words: &Words, size: f64) -> String {
    if size >= 1_024.0 {
        mib(words, size / 1_024.0)
    } else {
        numbers::with_unit(words.language(), size, "KiB")
    }
}

/// A size in 10⁹ bytes as people say it: `2 TB`.
pub(crate) fn gb(words: &Words, size: f64) -> String {
    let language = words.language();
    if size >= 1_000.0 {
        return numbers::with_unit(language, size / 1_000.0, "TB");
    }
    numbers::with_unit(language, size, "GB")
}
