//! When a token ends, as people type it.

use anyhow::bail;
use report::Timestamp;

const HOUR_MS: i64 = 3_600_000;

/// A time from now on (`90d`), a day (its beginning, UTC), or a moment.
pub(super) fn parse(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    let text = text.trim();
    let moment = after(text, now).or_else(|| Timestamp::parse(text)).or_else(|| {
        let day = format!("{text}T00:00:00Z");
        if text.len() == "2027-01-31".len() { Timestamp::parse(&day) } else { None }
    });
    match moment {
        Some(moment) if moment > now => Ok(moment),
        Some(_) => bail!("--expires {text:?} lies in the past"),
        None => bail!(
            "--expires {text:?} is no time. Expected: a number with h, d or w, a day, or a moment. \
             For example: --expires 90d, --expires 2027-01-31"
        ),
    }
}

fn after(text: &str, now: Timestamp) -> Option<Timestamp> {
    let unit = text.chars().last()?;
    let hours = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        _ => return None,
    };
    let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
    Some(now.plus_ms(i64::from(number).checked_mul(hours * HOUR_MS)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-24T12:00:00Z").unwrap()
    }

    #[test]
    fn times_days_and_moments_are_read() {
        for (text, moment) in [
            ("12h", "2026-11-25T00:00:00.000Z"),
            ("90d", "2027-02-22T12:00:00.000Z"),
            ("4w", "2026-12-22T12:00:00.000Z"),
            ("2027-01-31", "2027-01-31T00:00:00.000Z"),
            ("2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00.000Z"),
        ] {
            assert_eq!(parse(text, now()).unwrap().to_string(), moment, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_and_told_how() {
        for text in ["", "90", "d", "-1d", "90 days", "1.5d", "31.01.2027", "2027-13-01", "5é"] {
            let told = parse(text, now()).unwrap_err().to_string();
            assert!(told.contains("--expires 90d"), "{told}");
        }
        for text in ["0d", "2026-11-24", "2020-01-01T00:00:00Z"] {
            assert!(parse(text, now()).unwrap_err().to_string().contains("in the past"), "{text}");
        }
    }
}
