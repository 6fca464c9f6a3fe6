//! Who a request is from: `Authorization: Bearer …`, looked at before anything else of it, or a user whom a trusted
//! proxy names.

use std::sync::{Arc, Once};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::TokenHash;
use super::guard::Ruling;
use crate::app::AppState;
use crate::clock;
use crate::domain::change::Author;
use crate::domain::token::{Scope, check_name};
use crate::edge::{ClientAddress, Peer, cross_site, is_cross_site};
use crate::error::AppError;

/// Who a request is from, and what they may do. Handlers of the routes behind [`require_token`] find it among the
/// request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Name of the token, or of the user.
    pub name: Arc<str>,
    /// What they may do.
    pub scope: Scope,
    /// The one device whose reports they may send.
    pub device: Option<Arc<str>>,
}

/// What a request says of who sends it.
pub(super) enum Identity {
    /// Nothing.
    Nobody,
    /// Something that is not so.
    Wrong,
    /// Somebody.
    Known(Bearer),
}

/// Lets the request through if it carries a token of this scope, or of one that includes it. No token, a wrong one, one
/// that is over, and another scheme get one and the same answer, so that it teaches nothing.
///
/// # Errors
/// 401; 403 for a smaller scope; 429 for too many wrong tokens.
pub async fn require_token(
    State((state, needed)): State<(AppState, Scope)>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let (mut parts, body) = request.into_parts();
    let Identity::Known(bearer) = identify(&state, &parts).await? else { return Err(unauthorized()) };
    if bearer.scope < needed {
        return Err(too_small(bearer.scope, needed));
    }
    parts.extensions.insert(bearer);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Finds out who a request is from.
///
/// # Errors
/// 429 after too many wrong tokens; 503 when the database is away.
pub(super) async fn identify(state: &AppState, request: &Parts) -> Result<Identity, AppError> {
    let candidate = match token(&request.headers) {
        Given::Nothing => return user(state, request),
        Given::Unreadable => return Ok(Identity::Wrong),
        Given::Token(candidate) => candidate,
    };
    let hash = TokenHash::of_bytes(candidate);
    let found = state.tokens.find(candidate, hash, clock::now()).await?;
    let Some(ClientAddress(address)) = request.extensions.get::<ClientAddress>() else {
        return Err(AppError::internal("the route stands outside of the outermost layer"));
    };
    match (state.guard.rule(*address, hash, found.is_some()), found) {
        (Ruling::Right, Some(bearer)) => Ok(Identity::Known(bearer)),
        (Ruling::Right | Ruling::Wrong, _) => Ok(Identity::Wrong),
        (Ruling::Wait { seconds }, _) => Err(too_many(seconds)),
    }
}

/// The user whom a proxy names in AUTH_HEADER. A browser signs in there by itself, so that pages of other sites could ask in
/// the user's name: no CORS_ORIGINS lets them.
fn user(state: &AppState, request: &Parts) -> Result<Identity, AppError> {
    let Some(header) = &state.config.auth_header else { return Ok(Identity::Nobody) };
    let mut values = request.headers.get_all(header).iter();
    let Some(value) = values.next() else { return Ok(Identity::Nobody) };
    let Some(Peer { remote, .. }) = request.extensions.get::<Peer>() else { return Ok(Identity::Nobody) };
    if !state.config.trusted_proxies.contains(remote.ip()) {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| {
            tracing::warn!(%remote, %header, "AUTH_HEADER came from an address that is not in TRUSTED_PROXIES, and is ignored");
        });
        return Ok(Identity::Nobody);
    }
    let name = std::str::from_utf8(value.as_bytes()).unwrap_or("\0").trim();
    // Proxies that know nobody send it empty.
    if name.is_empty() && values.next().is_none() {
        return Ok(Identity::Nobody);
    }
    if values.next().is_some() || check_name(name).is_err() {
        return Ok(Identity::Wrong);
    }
    if is_cross_site(request) {
        return Err(cross_site());
    }
    Ok(Identity::Known(Bearer { name: name.into(), scope: Scope::Write, device: None }))
}

/// What the headers carry of a token.
enum Given<'a> {
    /// None: no header, or one of another scheme, which a proxy may have left there.
    Nothing,
    /// Something that is meant for one.
    Unreadable,
    /// One.
    Token(&'a [u8]),
}

fn token(headers: &HeaderMap) -> Given<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Given::Nothing };
    if values.next().is_some() {
        return Given::Unreadable;
    }
    let value = value.as_bytes();
    let end = value.iter().position(|b| *b == b' ').unwrap_or(value.len());
    let (scheme, candidate) = (&value[..end], value[end..].trim_ascii());
    match scheme.eq_ignore_ascii_case(b"bearer") {
        false => Given::Nothing,
        true if candidate.is_empty() => Given::Unreadable,
        true => Given::Token(candidate),
    }
}

impl FromRequestParts<AppState> for Bearer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(unauthorized)
    }
}

impl FromRequestParts<AppState> for Author {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let bearer = Bearer::from_request_parts(parts, state).await?;
        Ok(Self { name: bearer.name.to_string(), at: clock::now() })
    }
}

/// The one answer to all who carry none.
pub(super) fn unauthorized() -> AppError {
    let detail = "This needs a token of this server: send it as `Authorization: Bearer TOKEN`. \
                  `benchtools-server token show` prints one on the server.";
    AppError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"benchtools\""))
}

fn too_small(scope: Scope, needed: Scope) -> AppError {
    let (scope, needed) = (scope.as_str(), needed.as_str());
    let detail = format!("This needs a token of scope {needed}, and this one has scope {scope}.");
    AppError::new(StatusCode::FORBIDDEN, "scope", detail)
}

fn too_many(seconds: u32) -> AppError {
    let detail = "Too many wrong tokens came from this address: wait a moment.";
    AppError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_wrong_tokens", detail).retry_after(seconds)
}
