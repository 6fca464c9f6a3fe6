//! DELETE /api/docs/{id}: a document goes, and its content with the last document that has it.

use axum::extract::State;
use axum::http::StatusCode;

use super::no_such_document;
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
    path = "/api/docs/{id}",
    tag = "documents",
    operation_id = "delete_document",
    params(("id" = i64, Path, description = "Id of the document")),
    responses((status = 204, description = "Deleted")),
)]
pub async fn delete(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<StatusCode, AppError> {
    let deleted = state.store.delete_document(id, author).await?.ok_or_else(no_such_document)?;
    if let Some(object) = deleted {
        state.documents.remove(object).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
