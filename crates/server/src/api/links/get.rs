//! GET /api/links/{id}: one link.

use axum::Json;
use axum::extract::State;

use super::no_such_link;
use crate::app::AppState;
use crate::domain::link::Link;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The link.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/links/{id}",
    tag = "links",
    operation_id = "get_link",
    params(("id" = i64, Path, description = "Id of the link")),
    responses((status = 200, description = "As asked for", body = Link)),
)]
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<Link>, AppError> {
    state.store.link(id).await?.map(Json).ok_or_else(no_such_link)
}
