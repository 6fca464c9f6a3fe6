//! GET /metrics: what this server counts of its own work.

use std::ffi::OsString;

use axum::extract::State;
use axum::response::IntoResponse;

use super::HEAD;
use crate::app::AppState;
use crate::config::DatabaseUrl;

/// The text.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "server",
    operation_id = "get_server_metrics",
    responses((status = 200, description = "For Prometheus", body = String, content_type = "text/plain")),
)]
pub async fn server(State(state): State<AppState>) -> impl IntoResponse {
    let wal_bytes = wal_bytes(&state.config.database).await;
    (HEAD, state.telemetry.render(state.started.elapsed(), wal_bytes))
}

/// A log that is not there yet is empty.
async fn wal_bytes(database: &DatabaseUrl) -> Option<u64> {
    let DatabaseUrl::Sqlite(file) = database else { return None };
    let mut log = OsString::from(file);
    log.push("-wal");
    Some(tokio::fs::metadata(log).await.map_or(0, |found| found.len()))
}
