//! Every route there is, grouped by who may call it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::AppState;
use crate::edge;
use crate::web;
use crate::{api, auth, client};

/// The whole service, with everything around it that each request passes through.
pub(crate) fn router(state: AppState) -> Router {
    edge::compressed(open().merge(readers(&state)))
        .merge(web::assets())
        .merge(with_token(&state))
        .fallback(edge::not_found)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(from_fn_with_state(state.clone(), edge::check_host))
        .layer(from_fn_with_state(state.clone(), edge::around))
        .with_state(state)
}

/// Anyone on the network.
fn open() -> Router<AppState> {
    Router::new()
        .route("/api/health", get(api::health::health))
        .route("/bench.sh", get(client::script))
        .route("/agent/{target}/{file}", get(client::program))
}

/// Whom READ_ACCESS lets read what is stored; how much of it, handlers find in the request's `Sight`.
fn readers(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/", get(web::dashboard))
        .route("/devices/{device}", get(web::device))
        .route("/d/{id}", get(web::device_by_id))
        .route("/api/stats", get(api::stats::stats))
        .route("/api/devices", get(api::devices::list))
        .route("/api/devices/{id}", get(api::devices::get))
        .route("/api/devices/{id}/benchmarks", get(api::devices::benchmarks))
        .route("/api/devices/{id}/snapshots", get(api::devices::snapshots))
        .route("/api/benchmarks", get(api::benchmarks::list))
        .route("/api/benchmarks/{id}", get(api::benchmarks::get))
        .route("/api/benchmarks/{id}/raw", get(api::benchmarks::raw))
        .route("/api/snapshots/{id}", get(api::snapshots::get))
        .route_layer(from_fn_with_state(state.clone(), auth::look_at_reader))
}

/// Bearers of the token; it is looked at before path, content type and body.
fn with_token(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/api/benchmark", post(api::benchmark::submit))
        .route("/api/agent/config", get(api::agent::config))
        .route("/api/net/v1/slot", post(api::net::take).delete(api::net::give_back))
        .route("/api/net/v1/ping", get(api::net::ping))
        .route("/api/net/v1/download", get(api::net::download))
        .route("/api/net/v1/upload", post(api::net::upload).layer(DefaultBodyLimit::disable()))
        .route_layer(from_fn_with_state(state.clone(), auth::require_token))
}
