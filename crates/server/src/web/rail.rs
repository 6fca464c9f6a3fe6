//! The rail: how every score is drawn. A line, a tick for the value, a band for its interval.

use askama::Template;
use fluent::FluentValue;
use report::Component;

use super::axis::Axis;
use super::figure::Figure;
use super::numbers;
use super::words::Words;

/// How the tick looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tick {
    /// A value with its interval.
    Sure,
    /// A value without an interval.
    Bare,
    /// A value with evidence against it.
    Suspect,
}

/// One rail, ready to be drawn. Positions are percentages: the policy of the pages forbids `style`.
#[derive(Clone, Debug, Template)]
#[template(path = "rail.html")]
pub(crate) struct Rail {
    label: String,
    reference: Option<f64>,
    /// Left edge and width.
    band: Option<(f64, f64)>,
    at: f64,
    tick: Tick,
}

impl Rail {
    /// Draws a figure; `name` says whose it is, in the text that stands for the drawing.
    pub(crate) fn new(words: &Words, axis: Axis, name: &str, figure: &Figure) -> Self {
        let band = figure.interval().map(|(low, high)| {
            let left = axis.position(low);
            (left, ((axis.position(high) - left) * 10.0).round() / 10.0)
        });
        let tick = match (figure.suspect, band) {
            (true, _) => Tick::Suspect,
            (false, Some(_)) => Tick::Sure,
            (false, None) => Tick::Bare,
        };
        Self {
            label: sentence(words, name, figure),
            reference: axis.reference(),
            band,
            at: axis.position(figure.value),
            tick,
        }
    }

    fn is_hollow(&self) -> bool {
        self.tick != Tick::Sure
    }

    fn is_suspect(&self) -> bool {
        self.tick == Tick::Suspect
    }
}

/// A small rail in a table's cell; the number beside it says the same.
#[derive(Clone, Debug, Template)]
#[template(path = "rail-small.html")]
pub(crate) struct SmallRail {
    /// Pixels from the left, of 48.
    at: f64,
    hollow: bool,
    suspect: bool,
}

impl SmallRail {
    /// Draws a figure, 48 pixels wide.
    pub(crate) fn new(axis: Axis, figure: &Figure) -> Self {
        let at = (axis.position(figure.value) * 0.45).round() + 1.5;
        Self { at, hollow: figure.interval().is_none(), suspect: figure.suspect }
    }
}

/// The axis over a column of rails, with its labels.
#[derive(Clone, Debug, Template)]
#[template(path = "axis.html")]
pub(crate) struct AxisHead {
    /// Position in percent, where the text is anchored, and the text.
    labels: Vec<(f64, &'static str, String)>,
}

impl AxisHead {
    /// The labels of an axis.
    pub(crate) fn new(words: &Words, axis: Axis) -> Self {
        let label = |value: f64| {
            let at = axis.position(value);
            let anchor = match at {
                0.0 => "start",
                100.0 => "end",
                _ => "middle",
            };
            (at, anchor, numbers::plain(words.language(), value))
        };
        Self { labels: axis.labels().into_iter().map(label).collect() }
    }
}

/// The name of a component in the middle of a table's head or a select.
pub(crate) fn component_name(words: &Words, component: Component) -> String {
    words.t(&format!("component-{component}"))
}

fn sentence(words: &Words, name: &str, figure: &Figure) -> String {
    let language = words.language();
    let name = FluentValue::from(name);
    let value = FluentValue::from(numbers::score(language, figure.value));
    let key = if figure.suspect { "rail-suspect" } else { "rail-bare" };
    match figure.interval() {
        Some((low, high)) if !figure.suspect => {
            let low = numbers::score(language, low).into();
            let high = numbers::score(language, high).into();
            words.with("rail-sure", &[("name", name), ("value", value), ("low", low), ("high", high)])
        }
        _ => words.with(key, &[("name", name), ("value", value)]),
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;
    use insta::assert_snapshot;

    use super::{Axis, AxisHead, Figure, Rail, Words};
    use crate::web::language::Language;

    fn figure(low: Option<f64>, high: Option<f64>, suspect: bool) -> Figure {
        Figure { value: 118.0, low, high, suspect }
    }

    fn draw(figure: &Figure) -> String {
        let axis = Axis::over([80.0, 120.0]);
        Rail::new(Words::of(Language::English), axis, "pve-1", figure).render().unwrap()
    }

    #[test]
    fn a_sure_value_is_a_tick_on_a_band() {
        assert_snapshot!(draw(&figure(Some(115.0), Some(121.0), false)));
    }

    #[test]
    fn a_value_without_interval_is_a_hollow_tick() {
        assert_snapshot!(draw(&figure(None, None, false)));
    }

    #[test]
    fn a_suspect_value_says_so_in_shape_and_words() {
        assert_snapshot!(draw(&figure(Some(115.0), Some(121.0), true)));
    }

    #[test]
    fn the_axis_is_labelled() {
        let axis = Axis::over([6.0, 6_000.0]);
        assert_snapshot!(AxisHead::new(Words::of(Language::French), axis).render().unwrap());
    }

    #[test]
    fn a_hostile_name_stays_text() {
        let axis = Axis::over([100.0]);
        let words = Words::of(Language::English);
        let drawn = Rail::new(words, axis, "\"><script>", &figure(None, None, false)).render().unwrap();
        assert!(!drawn.contains("<script>"), "{drawn}");
    }
}
