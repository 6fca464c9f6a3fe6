//! `/docs`: the API for people to read and to try, with Swagger UI, from this server alone.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::assets::ADDRESSES;
use super::embedded::{Embedded, below_version, embedded};
use crate::error::AppError;

const FILES: [Embedded; 2] = [
    embedded!("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    embedded!("swagger-ui.css", "text/css; charset=utf-8"),
];

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
    let page = Page { icon: ADDRESSES.icon, version: VERSION };
    Ok(([NO_CACHE], Html(page.render().map_err(AppError::internal)?)))
}

async fn file(Path(place): Path<(String, String)>, headers: HeaderMap) -> Result<Response, AppError> {
    below_version(&FILES, VERSION, &place, &headers)
}
