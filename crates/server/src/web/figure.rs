//! A score and its interval as text.

pub(crate) use crate::domain::figure::Figure;

use super::numbers;
use super::words::Words;

/// `118`.
pub(crate) fn text(words: &Words, figure: &Figure) -> String {
    numbers::score(words.language(), figure.value)
}

/// `± 3`: the wider half of the interval.
pub(crate) fn plus_minus(words: &Words, figure: &Figure) -> Option<String> {
    let (low, high) = figure.interval()?;
    let half = (figure.value - low).max(high - figure.value).max(0.0);
    Some(format!("±\u{a0}{}", numbers::half_width(words.language(), half)))
}

#[cfg(test)]
mod tests {
    use super::{Figure, plus_minus};
    use crate::web::language::Language;
    use crate::web::words::Words;

    #[test]
    fn the_wider_half_is_told() {
        let figure = Figure { value: 118.0, low: Some(116.0), high: Some(121.2), suspect: false };
        assert_eq!(plus_minus(Words::of(Language::English), &figure).unwrap(), "±\u{a0}3");
    }
}
