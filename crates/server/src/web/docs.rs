//! `/docs`: the API for people to read and to try, with Swagger UI, from this server alone.

use std::io::Read as _;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use flate2::read::GzDecoder;

use super::assets::ADDRESSES;
use crate::edge::takes_gzip;
use crate::error::AppError;

/// What is embedded: name, type, and the file in gzip.
const FILES: [(&str, &str, &[u8]); 2] = [
    (
        "swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
        include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz")),
    ),
    (
        "swagger-ui.css",
        "text/css; charset=utf-8",
        include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz")),
    ),
];

/// Files lie below their version: a browser may keep each for ever.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The version of what is embedded.
const VERSION: &str = env!("SWAGGER_UI_VERSION");

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    icon: &'static str,
    version: &'static str,
}

/// Nothing is remembered in the browser, and nothing asked of another server.
const START: &str = "\"use strict\";\n\
    SwaggerUIBundle({\n  \
      url: \"/openapi.json\",\n  \
      dom_id: \"#swagger-ui\",\n  \
      deepLinking: true,\n  \
      validatorUrl: null,\n  \
      persistAuthorization: false,\n\
    });\n";

/// The page and what it loads.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let script = ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), NO_CACHE], START);
    Router::new()
        .route("/docs", get(page))
        .route("/docs/start.js", get(|| async move { script }))
        .route("/docs/{version}/{file}", get(file))
}

const NO_CACHE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");

async fn page() -> Result<impl IntoResponse, AppError> {
    let page = Page { icon: &ADDRESSES.icon, version: VERSION };
    Ok(([NO_CACHE], Html(page.render().map_err(AppError::internal)?)))
}

async fn file(
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let found = FILES.iter().find(|(file, ..)| version == VERSION && name == *file);
    let Some((_, kind, packed)) = found else {
        return Err(AppError::not_found("There is nothing at this address."));
    };
    let mut answer = if headers.get_all(header::ACCEPT_ENCODING).iter().any(takes_gzip) {
        ([(header::CONTENT_ENCODING, "gzip")], *packed).into_response()
    } else {
        let mut plain = Vec::new();
        GzDecoder::new(*packed).read_to_end(&mut plain).map_err(AppError::internal)?;
        plain.into_response()
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOREVER));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(answer)
}
