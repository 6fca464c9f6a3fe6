//! Moments as each language writes them, in UTC.

use report::Timestamp;

use super::language::Language;
use super::words::Words;

/// A day: `24 Nov 2026`, `24 nov. 2026`.
pub(crate) fn day(language: Language, moment: Timestamp) -> String {
    let Some(civil) = civil(moment) else { return moment.to_string() };
    format!("{}\u{a0}{}\u{a0}{}", civil.day(), month(language, civil.month()), civil.year())
}

/// A day and a time: `24 Nov 2026, 04:05 UTC`.
pub(crate) fn minute(language: Language, moment: Timestamp) -> String {
    let Some(civil) = civil(moment) else { return moment.to_string() };
    format!("{}, {:02}:{:02}\u{a0}UTC", day(language, moment), civil.hour(), civil.minute())
}

/// How long ago: `5 minutes ago`.
pub(crate) fn ago(words: &Words, now: Timestamp, moment: Timestamp) -> String {
    // A clock that is ahead must not show the future.
    let minutes = u64::try_from(now.ms_since(moment)).unwrap_or(0) / 60_000;
    match minutes {
        0 => words.t("ago-now"),
        1..60 => words.count("ago-minutes", minutes),
        60..1_440 => words.count("ago-hours", minutes / 60),
        1_440..1_051_200 => words.count("ago-days", minutes / 1_440),
        _ => words.count("ago-years", minutes / 525_600),
    }
}

fn civil(moment: Timestamp) -> Option<jiff::civil::DateTime> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_ms()).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(moment))
}

fn month(language: Language, month: i8) -> &'static str {
    const ENGLISH: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const FRENCH: [&str; 12] =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    let index = usize::try_from(month - 1).expect("months count from 1");
    match language {
        Language::English => ENGLISH[index],
        Language::French => FRENCH[index],
    }
}

#[cfg(test)]
mod tests {
    use report::Timestamp;

    use super::{Language, ago, day, minute};
    use crate::web::words::Words;

    #[test]
    fn days_and_minutes() {
        let moment = Timestamp::parse("2026-11-24T04:05:59Z").unwrap();
        assert_eq!(day(Language::English, moment), "24\u{a0}Nov\u{a0}2026");
        assert_eq!(minute(Language::French, moment), "24\u{a0}nov.\u{a0}2026, 04:05\u{a0}UTC");
    }

    #[test]
    fn ages_from_now_to_years() {
        let now = Timestamp::parse("2026-11-24T04:00:00Z").unwrap();
        let french = Words::of(Language::French);
        for (earlier, english_text, french_text) in [
            ("2026-11-24T04:30:00Z", "just now", "à l’instant"),
            ("2026-11-24T03:59:00Z", "1 minute ago", "il y a 1 minute"),
            ("2026-11-24T01:00:00Z", "3 hours ago", "il y a 3 heures"),
            ("2026-09-23T04:00:00Z", "62 days ago", "il y a 62 jours"),
            ("2020-11-24T04:00:00Z", "6 years ago", "il y a 6 ans"),
        ] {
            let moment = Timestamp::parse(earlier).unwrap();
            assert_eq!(ago(Words::of(Language::English), now, moment), english_text);
            assert_eq!(ago(french, now, moment), french_text);
        }
    }
}
