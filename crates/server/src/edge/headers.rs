//! Headers that every answer carries, against being misread, framed or overheard.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Everything from this server, no inline code, no frames.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                           font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
                           base-uri 'none'; frame-ancestors 'none'";
/// What is not a page loads nothing at all.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// No other site shows what is here as its own. Pages of CORS_ORIGINS ask for it by name, which this does not touch.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// What no page here asks a browser for.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Adds them, where the handler has not set its own.
pub(super) fn protect(headers: &mut HeaderMap) {
    let page =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if page { PAGE_POLICY } else { DATA_POLICY };
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, policy),
        // What `frame-ancestors` says, for browsers that do not know it.
        (header::X_FRAME_OPTIONS, "DENY"),
        (RESOURCE_POLICY, "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if page {
        headers.entry(PERMISSIONS_POLICY).or_insert(HeaderValue::from_static(PERMISSIONS));
    }
}

/// Keeps answers away from caches that several people share, where not all of them may see the same; a browser may keep one
/// with a tag, and ask whether it still is so.
pub(super) fn keep_private(headers: &mut HeaderMap) {
    let value = if headers.contains_key(header::ETAG) { "private, no-cache" } else { "private, no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(value));
}
