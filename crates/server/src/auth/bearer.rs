//! `Authorization: Bearer …`, looked at before anything else of the request.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::TokenHash;
use crate::app::AppState;
use crate::clock;
use crate::domain::change::Author;
use crate::error::AppError;

/// Lets the request through if it carries the token. No token, a wrong one and another scheme get one and
/// the same answer, so that it teaches nothing.
///
/// # Errors
/// 401.
pub async fn require_token(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, AppError> {
    if !carries(request.headers(), &state.token) {
        return Err(unauthorized());
    }
    request.extensions_mut().insert(Bearer { name: Arc::from(OPERATOR) });
    Ok(next.run(request).await)
}

/// Name of the one token for everything.
const OPERATOR: &str = "API_TOKEN";

/// Whose token a request carries. Handlers of the routes behind [`require_token`] find it among the request's extensions.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// Name of the token.
    pub name: Arc<str>,
}

impl FromRequestParts<AppState> for Author {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, AppError> {
        let bearer = parts.extensions.get::<Bearer>().ok_or_else(unauthorized)?;
        Ok(Self { name: bearer.name.to_string(), at: clock::now() })
    }
}

/// True if the headers carry the token, once.
pub(super) fn carries(headers: &HeaderMap, token: &TokenHash) -> bool {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let Some((scheme, candidate)) = split_scheme(value.as_bytes()) else { return false };
    scheme.eq_ignore_ascii_case(b"bearer") && token.matches(candidate.trim_ascii())
}

fn split_scheme(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = value.iter().position(|b| *b == b' ')?;
    Some((&value[..space], &value[space + 1..]))
}

/// The one answer to all who do not.
pub(super) fn unauthorized() -> AppError {
    let detail = "This needs the server's token: send it as `Authorization: Bearer TOKEN`. \
                  `benchtools-server token show` prints it on the server.";
    AppError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"benchtools\""))
}
