//! What was measured, beside what was promised.

use std::fmt;
use std::path::Path;

use anyhow::Context;
use comfy_table::{Table, presets};
use serde::Serialize;

/// One line of the result.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// What it is.
    pub(crate) name: String,
    /// The number.
    pub(crate) value: f64,
    /// Unit of the number.
    pub(crate) unit: &'static str,
    /// What is promised.
    pub(crate) bound: Option<Bound>,
    /// How it compares.
    pub(crate) verdict: Verdict,
    /// Range and reference.
    pub(crate) detail: String,
}

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
    Within(f64, f64),
}

/// How a figure compares with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Met,
    Missed,
    NotDecidableHere,
    NoBound,
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
            Self::Within(low, high) => (low..=high).contains(&value),
        }
    }
}

impl Figure {
    /// A number without a promise.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        let verdict = Verdict::NoBound;
        Self { name: name.into(), value, unit, bound: None, verdict, detail: String::new() }
    }

    /// Holds it against a promise.
    pub(crate) fn bound(mut self, bound: Bound) -> Self {
        self.bound = Some(bound);
        self.verdict = if bound.holds(self.value) { Verdict::Met } else { Verdict::Missed };
        self
    }

    /// Says more about it.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "≥ {}", number(*bound)),
            Self::AtMost(bound) => write!(f, "≤ {}", number(*bound)),
            Self::Within(low, high) => write!(f, "{} … {}", number(*low), number(*high)),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::Missed => "MISSED",
            Self::NotDecidableHere => "not decidable here",
            Self::NoBound => "",
        })
    }
}

/// All lines of the result.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Figures(Vec<Figure>);

impl Figures {
    /// Adds a line.
    pub(crate) fn push(&mut self, figure: Figure) {
        self.0.push(figure);
    }

    /// Writes them as JSON.
    pub(crate) fn write(&self, file: &Path) -> anyhow::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["figure", "value", "bound", "verdict", ""]);
        for figure in &self.0 {
            let value = format!("{} {}", number(figure.value), figure.unit);
            let bound = figure.bound.map(|bound| format!("{bound} {}", figure.unit));
            table.add_row([
                figure.name.clone(),
                value,
                bound.unwrap_or_default(),
                figure.verdict.to_string(),
                figure.detail.clone(),
            ]);
        }
        write!(f, "{table}")
    }
}

/// Three digits are what such figures carry.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        small if small < 10.0 => 2,
        middle if middle < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    trimmed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_against_its_bound() {
        let verdict = |value, bound| Figure::new("x", value, "ms").bound(bound).verdict;
        assert_eq!(verdict(60.0, Bound::AtMost(60.0)), Verdict::Met);
        assert_eq!(verdict(60.1, Bound::AtMost(60.0)), Verdict::Missed);
        assert_eq!(verdict(2_499.0, Bound::AtLeast(2_500.0)), Verdict::Missed);
        assert_eq!(verdict(1.05, Bound::Within(0.9, 1.1)), Verdict::Met);
    }

    #[test]
    fn numbers_carry_three_digits() {
        let written = [12_345.6, 99.96, 60.0, 9.876, 0.2, 0.0].map(number);
        assert_eq!(written, ["12346", "100", "60", "9.88", "0.2", "0"]);
    }

    #[test]
    fn the_table_names_what_was_missed() {
        let mut figures = Figures::default();
        figures.push(Figure::new("start", 80.0, "ms").bound(Bound::AtMost(50.0)).detail("20 starts"));
        let table = figures.to_string();
        let row = table.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(row, "start 80 ms ≤ 50 ms MISSED 20 starts");
        assert!(serde_json::to_string(&figures).unwrap().contains(r#""bound":{"at_most":50.0}"#));
    }
}
