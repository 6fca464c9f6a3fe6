//! GET /api/docs/{id}: what is known of a document.

use axum::extract::State;
use axum::{Extension, Json};

use super::seen;
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::document::Document;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The document, without its content.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/docs/{id}",
    tag = "documents",
    operation_id = "get_document",
    params(("id" = i64, Path, description = "Id of the document")),
    responses((status = 200, description = "As asked for", body = Document)),
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<Document>, AppError> {
    Ok(Json(seen(&state, sight, id).await?.document))
}
