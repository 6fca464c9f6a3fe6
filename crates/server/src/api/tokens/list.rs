//! GET /api/tokens: all tokens, the newest first.

use axum::Json;
use axum::extract::State;

use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::domain::token::Token;
use crate::error::AppError;
use crate::extract::NoParams;

/// A part of the list: revoked and expired tokens stay in it, API_TOKEN is not in it.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/tokens",
    tag = "access",
    operation_id = "list_tokens",
    params(ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Token>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<ListAnswer<Token>>, AppError> {
    Ok(answer(&paging, state.store.tokens(&paging).await?))
}
