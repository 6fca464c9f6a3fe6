//! What browsers are told of other sites' pages: nothing, or that those of CORS_ORIGINS may speak to us.

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::request_id;
use crate::config::CorsOrigins;

/// A browser asks again after so long.
const MAX_AGE: Duration = Duration::from_secs(600);

/// Never with cookies: those who come from elsewhere carry a token.
pub(crate) fn cors(origins: &CorsOrigins) -> Option<CorsLayer> {
    let allowed = match origins {
        CorsOrigins::Closed => return None,
        CorsOrigins::Any => AllowOrigin::any(),
        CorsOrigins::Listed(listed) => AllowOrigin::list(listed.clone()),
    };
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let asked = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::CONTENT_ENCODING,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_RANGE,
        header::RANGE,
        HeaderName::from_static("x-sent-at"),
    ];
    let shown = [
        request_id::HEADER,
        header::ETAG,
        header::LINK,
        header::LOCATION,
        header::RETRY_AFTER,
        header::CONTENT_DISPOSITION,
        header::CONTENT_RANGE,
        header::ACCEPT_RANGES,
    ];
    let layer = CorsLayer::new().allow_origin(allowed).allow_methods(methods).allow_headers(asked);
    Some(layer.expose_headers(shown).max_age(MAX_AGE))
}
