//! `If-None-Match`: answers that the client has already.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// True if the client has what has this tag.
pub(super) fn is_known(asked: &HeaderMap, etag: &str) -> bool {
    asked.get_all(header::IF_NONE_MATCH).iter().any(|list| is_listed(list, etag))
}

/// The answer, or 304 if the client has it.
pub(super) fn unless_known(asked: &HeaderMap, answer: Response) -> Response {
    let etag = answer.headers().get(header::ETAG).and_then(|etag| etag.to_str().ok());
    if answer.status() != StatusCode::OK || !etag.is_some_and(|etag| is_known(asked, etag)) {
        return answer;
    }
    let mut known = StatusCode::NOT_MODIFIED.into_response();
    for name in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
        if let Some(value) = answer.headers().get(&name) {
            known.headers_mut().insert(name, value.clone());
        }
    }
    known
}

fn is_listed(list: &HeaderValue, etag: &str) -> bool {
    let list = list.to_str().unwrap_or_default();
    list.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}
