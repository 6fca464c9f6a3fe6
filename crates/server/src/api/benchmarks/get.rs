//! GET /api/benchmarks/{id}: one benchmark with every measurement.

use axum::extract::State;
use axum::{Extension, Json};

use super::no_such_benchmark;
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::benchmark::FullBenchmark;
use crate::domain::privacy::public_full_benchmark;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The benchmark.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/benchmarks/{id}",
    tag = "benchmarks",
    operation_id = "get_benchmark",
    params(("id" = i64, Path, description = "Id of the benchmark")),
    responses((status = 200, description = "As asked for", body = FullBenchmark)),
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<FullBenchmark>, AppError> {
    let benchmark = state.store.benchmark(id).await?.ok_or_else(no_such_benchmark)?;
    Ok(Json(if sight == Sight::Public { public_full_benchmark(benchmark) } else { benchmark }))
}
