//! GET /api/agent/config: the fleet key, and what an agent wants to know of the server.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use report::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::clock;

/// The answer.
#[derive(Serialize, ToSchema)]
struct AgentConfig {
    /// 64 hexadecimal digits.
    fleet_key: String,
    server_version: &'static str,
    /// The server's clock, for an agent to compare its own with.
    time: Timestamp,
}

/// For bearers of the token; no cache may keep it.
#[utoipa::path(
    get,
    path = "/api/agent/config",
    tag = "agent",
    operation_id = "get_agent_config",
    responses((status = 200, description = "As asked for", body = AgentConfig)),
)]
pub async fn config(State(state): State<AppState>) -> impl IntoResponse {
    let config = AgentConfig {
        fleet_key: state.fleet_key.to_hex(),
        server_version: env!("CARGO_PKG_VERSION"),
        time: clock::now(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(config))
}
