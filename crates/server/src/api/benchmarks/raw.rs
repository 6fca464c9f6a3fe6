//! GET /api/benchmarks/{id}/raw: the report, byte for byte.

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use report::Report;

use super::no_such_benchmark;
use crate::app::AppState;
use crate::auth::Sight;
use crate::edge::Refusal;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The bytes that the client sent, without their compression.
///
/// # Errors
/// 403 for the public, 404 if there is no such benchmark, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/benchmarks/{id}/raw",
    tag = "benchmarks",
    operation_id = "get_raw_report",
    params(("id" = i64, Path, description = "Id of the benchmark")),
    responses(
        (
            status = 200,
            description = "The report, byte for byte",
            body = Report,
            content_type = "application/json",
        ),
        (status = 403, response = Refusal),
    ),
)]
pub async fn raw(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Response, AppError> {
    if sight == Sight::Public {
        let detail = "Raw reports hold serial numbers and addresses: they need a token of scope write.";
        return Err(AppError::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    let body = state.store.raw_report(id).await?.ok_or_else(no_such_benchmark)?;
    let head = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"benchmark-{id}.json\"")),
        // As it is, with its length.
        (header::CACHE_CONTROL, "private, no-cache, no-transform".to_owned()),
    ];
    Ok((head, body).into_response())
}
