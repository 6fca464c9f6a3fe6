//! A moment in time: milliseconds since 1970 inside, RFC 3339 in UTC outside.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00:00Z, between the years 0001 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const FIRST_MS: i64 = -62_135_596_800_000;
const LAST_MS: i64 = 253_402_300_799_999;
const DAY_MS: i64 = 24 * 3_600 * 1_000;

impl Timestamp {
    /// What a text is expected to be.
    pub const EXPECTED: &str = "a time in RFC 3339, such as 2026-03-01T12:00:00Z";

    /// The moment, held within the years 0001 to 9999.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(FIRST_MS, LAST_MS))
    }

    /// Milliseconds since 1970.
    pub fn as_ms(self) -> i64 {
        self.0
    }

    /// This moment moved by `ms` milliseconds.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative if it lies before.
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Reads RFC 3339, with any offset; `None` if the text is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let read = |text: &str| Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond());
        let ms = match text.strip_prefix("9999") {
            // jiff ends a day before the year does; the year before has the same days.
            Some(rest) => read(&format!("9998{rest}"))? + 365 * DAY_MS,
            None => read(text)?,
        };
        (FIRST_MS..=LAST_MS).contains(&ms).then_some(Self(ms))
    }
}

/// `2026-03-01T12:00:00.000Z`.
type Written = [u8; 24];

impl Timestamp {
    /// A list holds hundreds of moments, and this takes a tenth of the time of a general formatter.
    fn written(self) -> Written {
        let (year, month, day) = date(self.0.div_euclid(DAY_MS));
        let in_day = self.0.rem_euclid(DAY_MS);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        for (place, digits, number) in [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, in_day / 3_600_000),
            (14, 2, in_day / 60_000 % 60),
            (17, 2, in_day / 1_000 % 60),
            (20, 3, in_day % 1_000),
        ] {
            let mut left = number;
            for digit in text[place..place + digits].iter_mut().rev() {
                *digit = b'0' + (left % 10) as u8;
                left /= 10;
            }
        }
        text
    }
}

/// Year, month and day of the day that comes so many after 1970-01-01, in the Gregorian calendar. Years are counted from
/// March, so that the leap day is the last of its year.
fn date(days: i64) -> (i64, i64, i64) {
    const FOUR_CENTURIES: i64 = 146_097;
    // From 0000-03-01.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(FOUR_CENTURIES), days.rem_euclid(FOUR_CENTURIES));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // March to July have 153 days, August to December too, and January begins anew.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (400 * era + year + next, month, day)
}

fn text(written: &Written) -> &str {
    std::str::from_utf8(written).expect("digits are text")
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(text(&self.written()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text(&self.written()))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            // What an address makes of a plus sign that is not encoded.
            let expected = match Self::parse(&text.replace(' ', "+")) {
                Some(_) => "a time in RFC 3339, such as 2026-03-01T12:00:00%2B02:00: a + in an address is written %2B",
                None => Self::EXPECTED,
            };
            serde::de::Error::invalid_value(serde::de::Unexpected::Str(&text), &expected)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_all_is_one() {
        for (text, read) in [
            ("9999-12-31T23:59:59.999Z", Some("9999-12-31T23:59:59.999Z")),
            ("9999-12-31T23:00:00+02:00", Some("9999-12-31T21:00:00.000Z")),
            ("9999-01-01T00:00:00+02:00", Some("9998-12-31T22:00:00.000Z")),
            ("9999-12-31T23:00:00-02:00", None),
            ("9999-02-29T00:00:00Z", None),
            ("9999", None),
        ] {
            assert_eq!(Timestamp::parse(text).map(|moment| moment.to_string()).as_deref(), read, "{text}");
        }
    }

    #[test]
    fn a_moment_is_written_as_a_calendar_has_it() {
        /// The last moment that jiff writes.
        const LAST_JIFF_MS: i64 = 253_402_207_200_000;
        assert_eq!(Timestamp::from_ms(LAST_MS).to_string(), "9999-12-31T23:59:59.999Z");
        let edges = [FIRST_MS, LAST_JIFF_MS, -1, 0, 951_782_399_999, 951_782_400_000, 4_107_542_400_000];
        // Not a whole number of anything, so that every part of a moment changes.
        let steps = (FIRST_MS..LAST_JIFF_MS).step_by(8_640_123_456_789 / 50);
        for ms in edges.into_iter().chain(steps) {
            let expected = format!("{:.3}", jiff::Timestamp::from_millisecond(ms).unwrap());
            assert_eq!(Timestamp::from_ms(ms).to_string(), expected, "{ms}");
            assert_eq!(Timestamp::parse(&expected).map(Timestamp::as_ms), Some(ms));
        }
        let years = (1..=9998).flat_map(|year| [(year, 2, 28), (year, 3, 1), (year, 12, 31), (year, 1, 1)]);
        for (year, month, day) in years {
            let text = format!("{year:04}-{month:02}-{day:02}T23:59:59.999Z");
            assert_eq!(Timestamp::parse(&text).map(|moment| moment.to_string()), Some(text));
        }
    }
}
