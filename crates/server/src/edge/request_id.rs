//! A short name for each request, in the answer and in every log line about it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries it.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of one request: at most 64 letters, digits, dots, hyphens and underscores.
#[derive(Clone, Debug)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id that a trusted proxy gave, if it is one that can be printed anywhere.
    pub(super) fn given(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(HEADER)?.to_str().ok()?;
        let sane = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        ((1..=64).contains(&text.len()) && text.bytes().all(sane)).then(|| Self(text.into()))
    }

    /// The value of the header.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes request ids: a count that begins somewhere at random, so that two servers, or two lives of one,
/// do not give the same.
#[derive(Debug)]
pub struct RequestIds(AtomicU64);

impl RequestIds {
    /// Counts on from `start`.
    pub fn from(start: u64) -> Self {
        Self(AtomicU64::new(start))
    }

    /// The next one.
    pub(super) fn next(&self) -> RequestId {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{number:016x}").into())
    }
}
