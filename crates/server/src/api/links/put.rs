//! PUT /api/links/{id}: a link is typed anew.

use axum::Json;
use axum::extract::State;

use super::no_such_link;
use crate::app::AppState;
use crate::body;
use crate::domain::change::Author;
use crate::domain::link::{Link, TypedLink};
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Replaces all that was typed; what is left out gets its default.
///
/// # Errors
/// 404 if there is none, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    put,
    path = "/api/links/{id}",
    tag = "links",
    operation_id = "replace_link",
    params(("id" = i64, Path, description = "Id of the link")),
    request_body = TypedLink,
    responses((status = 200, description = "As it is now", body = Link)),
)]
pub async fn put(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    body::Json(typed): body::Json<TypedLink>,
) -> Result<Json<Link>, AppError> {
    state.store.change_link(id, typed.into(), author).await?.map(Json).ok_or_else(no_such_link)
}
