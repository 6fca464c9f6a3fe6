//! DELETE /api/benchmarks/{id}: a benchmark goes for good, and its report is refused from then on.

use axum::extract::State;
use axum::http::StatusCode;

use super::no_such_benchmark;
use crate::app::AppState;
use crate::domain::change::Author;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Deletes it. What its device stands for is told anew from the benchmarks that are left.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    delete,
    path = "/api/benchmarks/{id}",
    tag = "benchmarks",
    operation_id = "delete_benchmark",
    params(("id" = i64, Path, description = "Id of the benchmark")),
    responses((status = 204, description = "Deleted: its report answers 410 from now on")),
)]
pub async fn delete(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<StatusCode, AppError> {
    if state.store.delete_benchmark(id, author).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(no_such_benchmark())
}
