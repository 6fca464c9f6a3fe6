//! POST /api/tokens: a new token, which only this answer shows.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::{Json as Answered, extract::State};
use report::{FieldError, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::auth::{self, TokenHash};
use crate::body::Json;
use crate::domain::change::Author;
use crate::domain::token::{NewToken, Scope, Token};
use crate::edge::Refusal;
use crate::error::AppError;

/// What the token shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenWanted {
    /// Tells it from the others; spaces around it do not count.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    name: String,
    /// What it lets do.
    scope: Scope,
    /// With scope submit: the only device whose reports it may send.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    device: Option<String>,
    /// From when on it is refused; absent: never.
    expires_at: Option<Timestamp>,
}

/// The token, and what is told of it later.
#[derive(Serialize, ToSchema)]
struct TokenMade {
    /// The token itself, for its bearer to keep: the server has only its hash.
    token: String,
    #[serde(flatten)]
    told: Token,
}

/// Makes it.
///
/// # Errors
/// 409 if the name is taken, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    post,
    path = "/api/tokens",
    tag = "access",
    operation_id = "create_token",
    request_body = TokenWanted,
    responses(
        (status = 201, description = "Made; the token is shown this once", body = TokenMade),
        (status = 409, response = Refusal),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    author: Author,
    Json(TokenWanted { name, scope, device, expires_at }): Json<TokenWanted>,
) -> Result<impl IntoResponse, AppError> {
    let new = NewToken { name, scope, device, expires_at }.check(author.at).map_err(AppError::invalid)?;
    let token = auth::fresh().map_err(AppError::internal)?;
    let hash = TokenHash::of(&token).bytes();
    let told = state.store.create_token(new, hash, author).await?.ok_or_else(name_taken)?;
    let made = TokenMade { token: token.expose().to_owned(), told };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Answered(made)))
}

fn name_taken() -> AppError {
    let detail = "A token has this name already; revoke it, or take another name.";
    let error = FieldError::new("name", "taken, expected another, such as laptop-2");
    AppError::new(StatusCode::CONFLICT, "name_taken", detail).with_errors(vec![error])
}
