//! GET /api/metrics: which metrics there are figures of.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::domain::metric::Metric;
use crate::error::AppError;
use crate::extract::{NoParams, Query};

/// Every metric that a machine's newest measurement has.
#[derive(Debug, Serialize, ToSchema)]
pub struct Metrics {
    items: Vec<Metric>,
    total: usize,
}

/// All of them, by id.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/metrics",
    tag = "benchmarks",
    operation_id = "list_metrics",
    responses((status = 200, description = "As asked for", body = Metrics)),
)]
pub async fn list(
    State(state): State<AppState>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<Metrics>, AppError> {
    let items = state.store.metrics().await?;
    Ok(Json(Metrics { total: items.len(), items }))
}
