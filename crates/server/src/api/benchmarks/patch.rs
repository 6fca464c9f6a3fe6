//! PATCH /api/benchmarks/{id}: what people say of a benchmark.

use axum::Json;
use axum::extract::State;

use super::no_such_benchmark;
use crate::app::AppState;
use crate::body;
use crate::domain::benchmark::FullBenchmark;
use crate::domain::change::Author;
use crate::domain::remarks::RemarksPatch;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Changes label and note, or takes the benchmark out of what counts and back: what its device stands for is told anew from
/// the others. What is absent stays, null clears. The benchmark as it is then.
///
/// # Errors
/// 404 if there is none, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    patch,
    path = "/api/benchmarks/{id}",
    tag = "benchmarks",
    operation_id = "update_benchmark",
    params(("id" = i64, Path, description = "Id of the benchmark")),
    request_body(
        content = RemarksPatch,
        example = json!({ "label": "after the new cooler", "excluded": true, "excluded_reason": "a fan had failed" }),
    ),
    responses((status = 200, description = "The benchmark as it is now", body = FullBenchmark)),
)]
pub async fn patch(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    body::Json(patch): body::Json<RemarksPatch>,
) -> Result<Json<FullBenchmark>, AppError> {
    let updated = state.store.update_benchmark(id, patch, author).await?;
    updated.ok_or_else(no_such_benchmark)?.map_err(AppError::invalid)?;
    state.store.benchmark(id).await?.map(Json).ok_or_else(no_such_benchmark)
}
