//! Every route there is, grouped by who may call it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::openapi::OpenApi;

use crate::api::openapi::{self, Access, operations};
use crate::app::AppState;
use crate::domain::token::Scope;
use crate::edge;
use crate::web;
use crate::{api, auth};

operations! {
    /// Anyone on the network.
    open_to_all: Access::Open;
    health { health }
    client { script, program }
}

operations! {
    /// Whom READ_ACCESS lets read what is stored; how much of it, handlers find in the request's `Sight`.
    to_read: Access::Reader;
    benchmarks { raw }
    export { devices_json, devices_csv, benchmarks_json, benchmarks_csv }
    links { list, get }
    prometheus { server, devices }
    docs { list, get, download, thumbnail }
}

operations! {
    /// The same, for what follows from the database and the address alone, and is ready when it is asked for again.
    to_read_again: Access::Reader;
    stats { stats }
    devices { list, get, groups, benchmarks, snapshots, series }
    benchmarks { list, get }
    snapshots { get, diff }
    metrics { list, get }
    compare { get }
}

operations! {
    /// Bearers of a token that may send reports; it is looked at before path, content type and body.
    to_submit: Access::Submit;
    benchmark { submit }
    agent { config }
    net { take, give_back, ping, download }
}

operations! {
    /// The same, for what is larger than a document.
    to_upload: Access::Submit;
    net { upload }
}

operations! {
    /// Bearers of a token that may change what people see.
    to_write: Access::Write;
    benchmarks { delete, patch }
    devices { create, patch, patch_many, replace, delete, merge, import }
    links { add, put, patch, delete }
    changes { list }
    docs { upload, patch, delete }
}

operations! {
    /// Bearers of a token that may do everything.
    to_administer: Access::Admin;
    tokens { create, list, revoke }
    settings { get, update }
}

/// The whole service, with everything around it that each request passes through.
pub(crate) fn router(state: AppState) -> Router {
    let routes = edge::compressed(open().merge(readers(&state)))
        .merge(web::assets())
        .merge(web::docs())
        .merge(bearers(&state))
        .fallback(edge::not_found)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(from_fn_with_state(state.clone(), edge::check_site));
    let routes = match edge::cors(&state.config.cors_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes
        .layer(from_fn_with_state(state.clone(), edge::check_host))
        .layer(from_fn_with_state(state.clone(), edge::around))
        .with_state(state)
}

/// What the handlers say of themselves: `openapi.json`, which is built in, holds this, and a test sees to it.
pub fn description() -> OpenApi {
    let parts = [
        open_to_all::description(),
        to_read_again::description(),
        to_read::description(),
        to_submit::description(),
        to_upload::description(),
        to_write::description(),
        to_administer::description(),
    ];
    parts.into_iter().fold(openapi::frame(), openapi::merge)
}

fn open() -> Router<AppState> {
    open_to_all::routes().route("/openapi.json", get(openapi::document))
}

fn readers(state: &AppState) -> Router<AppState> {
    let again = to_read_again::routes();
    to_read::routes()
        .merge(again.route_layer(from_fn_with_state(state.clone(), api::ready::answer_or_keep)))
        .route("/", get(web::dashboard))
        .route("/devices/{device}", get(web::device))
        .route("/d/{id}", get(web::device_by_id))
        .route_layer(from_fn_with_state(state.clone(), auth::look_at_reader))
}

fn bearers(state: &AppState) -> Router<AppState> {
    let bearers = |routes: Router<AppState>, scope: Scope| {
        routes.route_layer(from_fn_with_state((state.clone(), scope), auth::require_token))
    };
    let uploads = to_upload::routes().layer(DefaultBodyLimit::disable());
    bearers(to_submit::routes().merge(uploads), Scope::Submit)
        .merge(bearers(to_write::routes(), Scope::Write))
        .merge(bearers(to_administer::routes(), Scope::Admin))
}
