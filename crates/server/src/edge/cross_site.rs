//! Changes that a page of another site makes a browser send are refused, unless CORS_ORIGINS names that site.
//!
//! Browsers say with `Sec-Fetch-Site` where a request comes from, but only over https and to localhost; on a plain
//! address of the network at home `Origin` alone tells. Programs send neither. tower-http's layer for this knows only
//! the Host header, and behind a proxy that is not always what the browser was shown.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::BaseUrl;
use crate::app::AppState;
use crate::error::AppError;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses changes that other sites ask for.
///
/// # Errors
/// 403.
pub async fn check_site(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let (parts, body) = request.into_parts();
    let listed =
        || parts.headers.get(header::ORIGIN).is_some_and(|origin| state.config.cors_origins.allows(origin));
    if is_cross_site(&parts) && !listed() {
        return Err(cross_site());
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// The answer to those.
pub(crate) fn cross_site() -> AppError {
    let detail = "A page of another site asked for this; changes are made from this server's own pages, or by programs. \
                  CORS_ORIGINS lets another site in.";
    AppError::new(StatusCode::FORBIDDEN, "cross_site", detail)
}

/// Whether this would change something and a browser says that a page of another site asked for it.
pub(crate) fn is_cross_site(request: &Parts) -> bool {
    let Parts { method, headers, extensions, uri, .. } = request;
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    match headers.get(FETCH_SITE).map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => false,
        Some(_) => true,
        None => headers.get(header::ORIGIN).is_some_and(|origin| {
            let base = extensions.get::<BaseUrl>().map(BaseUrl::as_str);
            let host = uri.authority().map(Authority::as_str).or_else(|| host(headers));
            !is_ours(origin, base, host)
        }),
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Whether the origin is what this server is called: from outside, or in this request.
fn is_ours(origin: &HeaderValue, base: Option<&str>, host: Option<&str>) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    if base.is_some_and(|base| base.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.zip(host).is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn cross(method: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/api/devices");
        for (name, value) in headers.iter().chain(&[("Host", "10.0.0.5:8007")]) {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(BaseUrl::new("https://bench.example.org"));
        is_cross_site(&parts)
    }

    #[test]
    fn programs_and_our_own_pages_may_change_things() {
        for headers in [
            &[][..],
            &[("Sec-Fetch-Site", "same-origin"), ("Origin", "https://anything.example")],
            &[("Sec-Fetch-Site", "none")],
            &[("Origin", "http://10.0.0.5:8007")],
            &[("Origin", "https://bench.example.org")],
        ] {
            assert!(!cross("POST", headers), "{headers:?}");
        }
    }

    #[test]
    fn pages_of_other_sites_may_only_read() {
        for headers in [
            &[("Sec-Fetch-Site", "cross-site")][..],
            &[("Sec-Fetch-Site", "same-site"), ("Origin", "http://10.0.0.5:8007")],
            &[("Sec-Fetch-Site", "")],
            &[("Origin", "https://evil.example.com")],
            &[("Origin", "http://10.0.0.5")],
            &[("Origin", "http://bench.example.org")],
            &[("Origin", "null")],
        ] {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                assert!(cross(method, headers), "{method} {headers:?}");
            }
            for method in ["GET", "HEAD", "OPTIONS"] {
                assert!(!cross(method, headers), "{method} {headers:?}");
            }
        }
    }
}
