//! Parts of a file (RFC 9110): one range, or all of it.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::api::known::is_known;
use crate::error::AppError;

/// What is to be sent of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The client has it already.
    Nothing,
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
}

impl Wanted {
    /// Reads If-None-Match, Range and If-Range. What is not understood, several ranges included, is not heeded.
    ///
    /// # Errors
    /// 416 for a range that begins behind the end.
    pub(super) fn of(headers: &HeaderMap, etag: &str, size: u64) -> Result<Self, AppError> {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if is_known(headers, etag) {
            return Ok(Self::Nothing);
        }
        let changed = text(header::IF_RANGE).is_some_and(|known| known != etag);
        let range = text(header::RANGE).filter(|_| !changed).and_then(|range| range.strip_prefix("bytes="));
        let Some((first, last)) = range.and_then(|range| range.trim().split_once('-')) else {
            return Ok(Self::Whole);
        };
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first > last => Ok(Self::Whole),
            (Some(first), last) if last.is_some() || last_is_open(range) => {
                let end = last.map_or(size, |last| last.saturating_add(1).min(size));
                if first < size { Ok(Self::Part(first..end)) } else { Err(beyond(size)) }
            }
            (None, Some(count)) if first.is_empty() => match count.min(size) {
                0 => Err(beyond(size)),
                count => Ok(Self::Part(size - count..size)),
            },
            _ => Ok(Self::Whole),
        }
    }
}

fn last_is_open(range: Option<&str>) -> bool {
    range.is_some_and(|range| range.trim_end().ends_with('-'))
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

fn beyond(size: u64) -> AppError {
    let detail = format!("The range begins behind the end: the file has {size} bytes.");
    let error = AppError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", detail);
    let range = HeaderValue::from_str(&format!("bytes */{size}"));
    error.with_header(header::CONTENT_RANGE, range.unwrap_or(HeaderValue::from_static("bytes */*")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"abc\"";

    fn wanted(headers: &[(header::HeaderName, &str)]) -> Result<Wanted, u16> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Wanted::of(&headers, TAG, 10).map_err(|error| error.status().as_u16())
    }

    #[test]
    fn one_range_is_read_in_all_its_forms() {
        for (range, expected) in [
            ("bytes=0-0", Ok(Wanted::Part(0..1))),
            ("bytes=2-5", Ok(Wanted::Part(2..6))),
            ("bytes=7-", Ok(Wanted::Part(7..10))),
            ("bytes=7-99999999999999999999", Ok(Wanted::Part(7..10))),
            ("bytes=-3", Ok(Wanted::Part(7..10))),
            ("bytes=-30", Ok(Wanted::Part(0..10))),
            ("bytes=-0", Err(416)),
            ("bytes=10-", Err(416)),
            ("bytes=99999999999999999999-", Err(416)),
            ("bytes=5-2", Ok(Wanted::Whole)),
            ("bytes=0-1,3-4", Ok(Wanted::Whole)),
            ("bytes=-", Ok(Wanted::Whole)),
            ("bytes=a-b", Ok(Wanted::Whole)),
            ("bytes=1-b", Ok(Wanted::Whole)),
            ("bytes=+1-2", Ok(Wanted::Whole)),
            ("lines=1-2", Ok(Wanted::Whole)),
            ("", Ok(Wanted::Whole)),
        ] {
            assert_eq!(wanted(&[(header::RANGE, range)]), expected, "{range}");
        }
    }

    #[test]
    fn what_the_client_knows_decides() {
        for known in [TAG, "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert_eq!(wanted(&[(header::IF_NONE_MATCH, known)]), Ok(Wanted::Nothing), "{known}");
        }
        assert_eq!(wanted(&[(header::IF_NONE_MATCH, "\"ab\"")]), Ok(Wanted::Whole));
        let range = (header::RANGE, "bytes=1-1");
        assert_eq!(wanted(&[range.clone(), (header::IF_RANGE, TAG)]), Ok(Wanted::Part(1..2)));
        assert_eq!(wanted(&[range, (header::IF_RANGE, "\"old\"")]), Ok(Wanted::Whole));
    }
}
