//! DELETE /api/links/{id}: a link goes.

use axum::extract::State;
use axum::http::StatusCode;

use super::no_such_link;
use crate::app::AppState;
use crate::domain::change::Author;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Deletes it.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    delete,
    path = "/api/links/{id}",
    tag = "links",
    operation_id = "delete_link",
    params(("id" = i64, Path, description = "Id of the link")),
    responses((status = 204, description = "Deleted")),
)]
pub async fn delete(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<StatusCode, AppError> {
    if state.store.delete_link(id, author).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(no_such_link())
}
