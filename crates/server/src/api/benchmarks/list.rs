//! GET /api/benchmarks: all benchmarks, newest first.

use axum::Json;
use axum::extract::State;

use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::domain::benchmark::Benchmark;
use crate::error::AppError;
use crate::extract::NoParams;

/// A part of the list.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/benchmarks",
    tag = "benchmarks",
    operation_id = "list_benchmarks",
    params(ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Benchmark>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<ListAnswer<Benchmark>>, AppError> {
    Ok(answer(&paging, state.store.benchmarks(&paging).await?))
}
