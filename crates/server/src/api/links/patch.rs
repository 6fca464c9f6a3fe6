//! PATCH /api/links/{id}: something of a link changes.

use axum::Json;
use axum::extract::State;

use super::no_such_link;
use crate::app::AppState;
use crate::body;
use crate::domain::change::Author;
use crate::domain::link::{Link, LinkPatch};
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Changes the fields that are given.
///
/// # Errors
/// 404 if there is none, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    patch,
    path = "/api/links/{id}",
    tag = "links",
    operation_id = "change_link",
    params(("id" = i64, Path, description = "Id of the link")),
    request_body = LinkPatch,
    responses((status = 200, description = "As it is now", body = Link)),
)]
pub async fn patch(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    body::Json(patch): body::Json<LinkPatch>,
) -> Result<Json<Link>, AppError> {
    state.store.change_link(id, patch, author).await?.map(Json).ok_or_else(no_such_link)
}
