//! GET /api/benchmarks/{id}: one benchmark with every measurement.

use axum::Json;
use axum::extract::State;

use super::no_such_benchmark;
use crate::app::AppState;
use crate::domain::benchmark::FullBenchmark;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The benchmark.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<FullBenchmark>, AppError> {
    state.store.benchmark(id).await?.map(Json).ok_or_else(no_such_benchmark)
}
