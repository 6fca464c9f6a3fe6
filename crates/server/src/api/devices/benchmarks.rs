//! GET /api/devices/{id}/benchmarks: the history of a device, newest first.

use axum::extract::State;
use axum::{Extension, Json};

use super::no_such_device;
use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::benchmark::Benchmark;
use crate::domain::benchmark_query::BenchmarkQuery;
use crate::domain::privacy::public_benchmark;
use crate::error::AppError;
use crate::extract::Path;

/// A part of the list.
///
/// # Errors
/// 404 if there is no such device, 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices/{id}/benchmarks",
    tag = "devices",
    operation_id = "list_benchmarks_of_device",
    params(("id" = i64, Path, description = "Id of the device"), BenchmarkQuery, ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Benchmark>)),
)]
pub async fn benchmarks(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Asked { paging, filters }: Asked<BenchmarkQuery>,
) -> Result<Json<ListAnswer<Benchmark>>, AppError> {
    let query = filters.checked().map_err(AppError::invalid)?;
    let mut part = state.store.device_benchmarks(id, &query, &paging).await?.ok_or_else(no_such_device)?;
    if sight == Sight::Public {
        part.items = part.items.into_iter().map(public_benchmark).collect();
    }
    Ok(answer(&paging, part))
}
