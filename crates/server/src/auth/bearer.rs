//! `Authorization: Bearer …`, looked at before anything else of the request.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::TokenHash;
use crate::app::AppState;
use crate::error::AppError;

/// Lets the request through if it carries the token. No token, a wrong one and another scheme get one and
/// the same answer, so that it teaches nothing.
///
/// # Errors
/// 401.
pub async fn require_token(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    if carries(request.headers(), &state.token) { Ok(next.run(request).await) } else { Err(unauthorized()) }
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
