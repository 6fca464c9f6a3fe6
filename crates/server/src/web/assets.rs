//! The style sheet, the script and the icon: embedded, under addresses that change with their content.

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::embedded::{Embedded, below_version, embedded};
use crate::error::AppError;

/// Addresses of the assets as they are today.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    /// The style sheet.
    pub(crate) style: &'static str,
    /// The script: copy buttons.
    pub(crate) script: &'static str,
    /// The icon.
    pub(crate) icon: &'static str,
}

/// What pages link to.
pub(crate) static ADDRESSES: Addresses = Addresses {
    style: concat!("/assets/", env!("ASSETS_VERSION"), "/style.css"),
    script: concat!("/assets/", env!("ASSETS_VERSION"), "/script.js"),
    icon: concat!("/assets/", env!("ASSETS_VERSION"), "/icon.svg"),
};

const FILES: [Embedded; 3] = [
    embedded!("style.css", "text/css; charset=utf-8"),
    embedded!("script.js", "text/javascript; charset=utf-8"),
    embedded!("icon.svg", "image/svg+xml"),
];

/// Serves the assets below `/assets`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{file}", get(file))
}

async fn file(Path(place): Path<(String, String)>, headers: HeaderMap) -> Result<Response, AppError> {
    below_version(&FILES, env!("ASSETS_VERSION"), &place, &headers)
}
