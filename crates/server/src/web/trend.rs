//! The sparkline: a machine's last valid scores, as one small line.

use askama::Template;

use super::words::Words;

/// A line of 64 × 18 pixels over at most twelve scores, oldest first.
#[derive(Clone, Debug, Template)]
#[template(path = "trend.html")]
pub(crate) struct Trend {
    label: String,
    path: String,
}

const WIDTH: f64 = 64.0;
const HEIGHT: f64 = 18.0;
const MARGIN: f64 = 2.0;

impl Trend {
    /// From two scores on; one is no trend.
    pub(crate) fn new(words: &Words, scores: &[f64]) -> Option<Self> {
        if scores.len() < 2 {
            return None;
        }
        let low = scores.iter().copied().fold(f64::INFINITY, f64::min);
        let high = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // A steady machine draws a flat line: less than ± 5 % must not look like a storm.
        let middle = f64::midpoint(low, high);
        let span = (high - low).max(middle * 0.1).max(f64::MIN_POSITIVE);
        let step = (WIDTH - 2.0 * MARGIN) / (scores.len() - 1) as f64;
        let mut path = String::new();
        for (index, score) in scores.iter().enumerate() {
            let x = MARGIN + step * index as f64;
            let y = HEIGHT / 2.0 - (score - middle) / span * (HEIGHT - 2.0 * MARGIN);
            let command = if index == 0 { 'M' } else { 'L' };
            path.push_str(&format!("{command}{x:.1} {y:.1}"));
        }
        let language = words.language();
        let score = |value| fluent::FluentValue::from(super::numbers::score(language, value));
        let n = fluent::FluentValue::from(scores.len() as u64);
        let label = words.with("trend-label", &[("n", n), ("low", score(low)), ("high", score(high))]);
        Some(Self { label, path })
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::{Trend, Words};
    use crate::web::language::Language;

    #[test]
    fn one_score_is_no_trend() {
        assert!(Trend::new(Words::of(Language::English), &[118.0]).is_none());
    }

    #[test]
    fn a_steady_machine_is_a_flat_line() {
        let trend = Trend::new(Words::of(Language::English), &[118.0, 118.0, 118.0]).unwrap();
        assert_eq!(trend.path, "M2.0 9.0L32.0 9.0L62.0 9.0");
        assert!(trend.render().unwrap().contains("3 benchmarks, from 118 to 118"));
    }
}
