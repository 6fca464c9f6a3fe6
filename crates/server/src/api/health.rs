//! GET /api/health: is everything there that the server needs?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::AppState;

/// What a monitor wants to know.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    uptime_s: u64,
}

/// 200 when all is well.
pub async fn health(State(state): State<AppState>) -> Response {
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        uptime_s: state.started.elapsed().as_secs(),
    };
    (StatusCode::OK, Json(health)).into_response()
}
