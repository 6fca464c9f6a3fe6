//! PATCH /api/docs/{id}: what is said of a document changes; its content never does.

use axum::Json;
use axum::extract::State;

use super::no_such_document;
use crate::app::AppState;
use crate::body;
use crate::domain::change::Author;
use crate::domain::document::{Document, DocumentPatch};
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Changes the fields that are given.
///
/// # Errors
/// 404 if there is none, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    patch,
    path = "/api/docs/{id}",
    tag = "documents",
    operation_id = "change_document",
    params(("id" = i64, Path, description = "Id of the document")),
    request_body = DocumentPatch,
    responses((status = 200, description = "As it is now", body = Document)),
)]
pub async fn patch(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    body::Json(patch): body::Json<DocumentPatch>,
) -> Result<Json<Document>, AppError> {
    state.store.change_document(id, patch, author).await?.map(Json).ok_or_else(no_such_document)
}
