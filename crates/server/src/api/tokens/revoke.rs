//! DELETE /api/tokens/{id}: a token is refused from then on.

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::AppState;
use crate::domain::change::Author;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};
use crate::store::{Revoked, TokenKey};

/// Revokes it: at once here, within five seconds on other servers of the same database. What it did stays, and so does
/// its line in the list.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    delete,
    path = "/api/tokens/{id}",
    tag = "access",
    operation_id = "revoke_token",
    params(("id" = i64, Path, description = "Id of the token")),
    responses((status = 204, description = "Revoked, now or before")),
)]
pub async fn revoke(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<StatusCode, AppError> {
    let revoked = state.store.revoke_token(TokenKey::Id(id), author).await?;
    state.tokens.forget();
    match revoked {
        Revoked::Now { .. } | Revoked::Before => Ok(StatusCode::NO_CONTENT),
        Revoked::Missing => Err(AppError::not_found("There is no token with this id.")),
    }
}
