//! A score with its interval, and the texts that stand for it.

use super::numbers;
use super::words::Words;

/// A score as the pages draw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    /// The score; the reference is 100.
    pub(crate) value: f64,
    /// Lower end of the 95 % interval.
    pub(crate) low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub(crate) high: Option<f64>,
    /// There is evidence against it.
    pub(crate) suspect: bool,
}

impl Figure {
    /// Both ends of the interval.
    pub(crate) fn interval(&self) -> Option<(f64, f64)> {
        Some((self.low?, self.high?))
    }

    /// Everything an axis must reach.
    pub(crate) fn extent(&self) -> [f64; 3] {
        [self.value, self.low.unwrap_or(self.value), self.high.unwrap_or(self.value)]
    }

    /// `118`.
    pub(crate) fn text(&self, words: &Words) -> String {
        numbers::score(words.language(), self.value)
    }

    /// `± 3`: the wider half of the interval.
    pub(crate) fn plus_minus(&self, words: &Words) -> Option<String> {
        let (low, high) = self.interval()?;
        let half = (self.value - low).max(high - self.value).max(0.0);
        Some(format!("±\u{a0}{}", numbers::half_width(words.language(), half)))
    }

    /// The intervals have values in common: a tie. Without an interval, the value alone.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let [_, low, high] = self.extent();
        let [_, other_low, other_high] = other.extent();
        low <= other_high && other_low <= high
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;
    use crate::web::language::Language;
    use crate::web::words::Words;

    #[test]
    fn the_wider_half_is_told() {
        let figure = Figure { value: 118.0, low: Some(116.0), high: Some(121.2), suspect: false };
        assert_eq!(figure.plus_minus(Words::of(Language::English)).unwrap(), "±\u{a0}3");
    }

    #[test]
    fn a_tie_is_an_overlap() {
        let figure =
            |value, half| Figure { value, low: Some(value - half), high: Some(value + half), suspect: false };
        assert!(figure(118.0, 3.0).overlaps(&figure(114.0, 2.0)));
        assert!(!figure(118.0, 1.0).overlaps(&figure(114.0, 2.0)));
        let bare = Figure { value: 118.0, low: None, high: None, suspect: false };
        assert!(bare.overlaps(&bare));
    }
}
