//! gzip for pages, JSON and the script, where the client takes it and it saves something.

use axum::Router;
use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::map_request;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Less than this fits into one packet as it is, bytes.
const WORTH_IT_BYTES: u64 = 1024;

/// Compresses what these routes answer.
pub(crate) fn compressed<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let when = SizeAbove::new(WORTH_IT_BYTES).and(is_text);
    let gzip = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(when);
    routes.layer(gzip).layer(map_request(settle))
}

/// Text that no one asked to leave as it is. Programs and the bytes of the network test are neither.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let text =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let kind = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default();
    let json = kind == "application/json" || kind.ends_with("+json");
    (kind.starts_with("text/") || json) && !text(header::CACHE_CONTROL).contains("no-transform")
}

/// Reads the list of encodings ourselves, down to the question of gzip: for a list that rules out plain
/// answers too, the library would turn a stored report's 200 into 406.
async fn settle(mut request: Request) -> Request {
    let takes = request.headers().get_all(header::ACCEPT_ENCODING).iter().any(takes_gzip);
    let headers = request.headers_mut();
    headers.remove(header::ACCEPT_ENCODING);
    if takes {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    request
}

/// True if this Accept-Encoding takes gzip.
pub(crate) fn takes_gzip(list: &HeaderValue) -> bool {
    let list = list.to_str().unwrap_or_default();
    list.split(',').any(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let name = name.trim();
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
        (name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip"))
            && weight.is_some_and(|q| q > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_where_it_is_named_and_not_ruled_out() {
        let takes = |list: &str| takes_gzip(&list.parse().unwrap());
        for list in ["gzip", "br, GZIP;q=0.5", "deflate,x-gzip", "gzip; q=1.0"] {
            assert!(takes(list), "{list}");
        }
        for list in ["", "br", "identity", "gzip;q=0", "gzip;q=0.0, *;q=0", "gzip;level=9", "*"] {
            assert!(!takes(list), "{list}");
        }
    }
}
