//! GET /api/benchmarks: all benchmarks, newest first, with filters.

use axum::extract::State;
use axum::{Extension, Json};

use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::benchmark::Benchmark;
use crate::domain::benchmark_query::BenchmarkQuery;
use crate::domain::privacy::public_benchmark;
use crate::error::AppError;

/// A part of the list.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/benchmarks",
    tag = "benchmarks",
    operation_id = "list_benchmarks",
    params(BenchmarkQuery, ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Benchmark>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Asked { paging, filters }: Asked<BenchmarkQuery>,
) -> Result<Json<ListAnswer<Benchmark>>, AppError> {
    let query = filters.checked().map_err(AppError::invalid)?;
    let mut part = state.store.benchmarks(&query, &paging).await?;
    if sight == Sight::Public {
        part.items = part.items.into_iter().map(public_benchmark).collect();
    }
    Ok(answer(&paging, part))
}
