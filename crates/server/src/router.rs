//! Every route there is, grouped by who may call it.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::api;
use crate::app::AppState;
use crate::edge;
use crate::web;

/// The whole service, with everything around it that each request passes through.
pub(crate) fn router(state: AppState) -> Router {
    open()
        .merge(web::assets())
        .fallback(edge::not_found)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(from_fn_with_state(state.clone(), edge::check_host))
        .layer(from_fn_with_state(state.clone(), edge::around))
        .with_state(state)
}

/// Anyone on the network.
fn open() -> Router<AppState> {
    Router::new().route("/api/health", get(api::health::health))
}
