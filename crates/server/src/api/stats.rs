//! GET /api/stats: what all machines together come to.

use axum::Json;
use axum::extract::State;

use crate::app::AppState;
use crate::domain::stats::Stats;
use crate::error::AppError;
use crate::extract::{NoParams, Query};

/// Counts, and how the scores lie.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/stats",
    tag = "server",
    operation_id = "get_stats",
    responses((status = 200, description = "As asked for", body = Stats)),
)]
pub async fn stats(
    State(state): State<AppState>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<Stats>, AppError> {
    Ok(Json(state.store.stats().await?))
}
