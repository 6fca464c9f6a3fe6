//! Numbers as each language writes them.

use super::language::Language;

/// A whole number with its thousands apart: `5,012`; `5 012` in French, with a narrow no-break space.
pub(crate) fn whole(language: Language, number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(thousands(language));
        }
        written.push(digit);
    }
    written
}

/// From here on a number is written in short: its digits would push the rest of the page aside.
const LONG: f64 = 1e9;

/// A number rounded to `decimals`, with its thousands apart and a real minus; from 10⁹ up `1.0 × 10³⁰⁸`.
pub(crate) fn fixed(language: Language, number: f64, decimals: usize) -> String {
    if number.is_finite() && number.abs() >= LONG {
        return in_short(language, number);
    }
    let rounded = format!("{:.decimals$}", number.abs());
    let (units, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    // Only what is not a number at all has no whole part.
    let units = units.parse().map_or_else(|_| units.to_owned(), |units| whole(language, units));
    let is_zero = rounded.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let minus = if number < 0.0 && !is_zero { "\u{2212}" } else { "" };
    if fraction.is_empty() {
        format!("{minus}{units}")
    } else {
        format!("{minus}{units}{}{fraction}", decimal_mark(language))
    }
}

fn in_short(language: Language, number: f64) -> String {
    let written = format!("{:.1e}", number.abs());
    let (mantissa, power) = written.split_once('e').unwrap_or((&written, "0"));
    let mantissa = mantissa.replace('.', &decimal_mark(language).to_string());
    let raised = |digit: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize);
    let power: String = power.chars().filter_map(raised).collect();
    let minus = if number < 0.0 { "\u{2212}" } else { "" };
    format!("{minus}{mantissa}\u{202f}×\u{202f}10{power}")
}

/// A number with about three digits that say something: `3.1`, `42`, `1,250`; no zeros at the end.
pub(crate) fn plain(language: Language, number: f64) -> String {
    let decimals: usize = match number.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let factor = 10_f64.powi(i32::try_from(decimals).expect("at most three"));
    let rounded = (number * factor).round() / factor;
    let needed = (0..=decimals).find(|&d| {
        let scale = 10_f64.powi(i32::try_from(d).expect("at most three"));
        ((rounded * scale).round() / scale - rounded).abs() < f64::EPSILON * rounded.abs().max(1.0) * 8.0
    });
    fixed(language, rounded, needed.unwrap_or(decimals))
}

/// A number and its unit, held together.
pub(crate) fn with_unit(language: Language, number: f64, unit: &str) -> String {
    format!("{}{}{unit}", plain(language, number), unit_space(language))
}

/// A score: whole from 10 up, one decimal below.
pub(crate) fn score(language: Language, score: f64) -> String {
    fixed(language, score, if score >= 10.0 { 0 } else { 1 })
}

/// Half the width of an interval, as it stands after ±: one decimal where less than 1 is meant.
pub(crate) fn half_width(language: Language, half: f64) -> String {
    fixed(language, half, if half >= 0.95 { 0 } else { 1 })
}

/// The space between a number and its unit.
pub(crate) fn unit_space(language: Language) -> char {
    match language {
        Language::English => '\u{a0}',
        Language::French => '\u{202f}',
    }
}

fn thousands(language: Language) -> char {
    match language {
        Language::English => ',',
        Language::French => '\u{202f}',
    }
}

fn decimal_mark(language: Language) -> char {
    match language {
        Language::English => '.',
        Language::French => ',',
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, French};
    use super::{fixed, half_width, plain, score, whole, with_unit};

    #[test]
    fn thousands_stand_apart() {
        for (number, english, french) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (5_012, "5,012", "5\u{202f}012"),
            (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(whole(English, number), english);
            assert_eq!(whole(French, number), french);
        }
    }

    #[test]
    fn decimals_and_minus() {
        assert_eq!(fixed(English, -18.04, 1), "\u{2212}18.0");
        assert_eq!(fixed(French, -0.04, 1), "0,0");
        assert_eq!(fixed(French, 12_345.678, 2), "12\u{202f}345,68");
        assert_eq!(fixed(French, 999_999_999.0, 0), "999\u{202f}999\u{202f}999");
    }

    #[test]
    fn numbers_beyond_all_measure_are_written_in_short() {
        assert_eq!(fixed(English, 1e308, 0), "1.0\u{202f}×\u{202f}10³⁰⁸");
        assert_eq!(fixed(French, -4.26e21, 1), "\u{2212}4,3\u{202f}×\u{202f}10²¹");
        assert_eq!(score(English, f64::MAX), "1.8\u{202f}×\u{202f}10³⁰⁸");
        for number in [1e9, 1e12, 1e300, 1e308, f64::MAX] {
            assert!(plain(English, number).chars().count() < 13, "{number}");
            assert!(with_unit(French, -number, "ns").chars().count() < 18, "{number}");
        }
    }

    #[test]
    fn figures_have_about_three_digits() {
        for (number, expected) in [
            (3.1, "3.1"),
            (3.0, "3"),
            (41.96, "42"),
            (1_249.6, "1,250"),
            (0.085, "0.085"),
            (0.0, "0"),
            (99.97, "100"),
        ] {
            assert_eq!(plain(English, number), expected, "{number}");
        }
        assert_eq!(with_unit(French, 3.1, "GB/s"), "3,1\u{202f}GB/s");
    }

    #[test]
    fn scores_from_six_to_six_thousand() {
        assert_eq!(score(English, 6.24), "6.2");
        assert_eq!(score(French, 118.4), "118");
        assert_eq!(score(French, 6_000.0), "6\u{202f}000");
        assert_eq!(half_width(English, 3.2), "3");
        assert_eq!(half_width(French, 0.42), "0,4");
    }
}
