//! The Host check: a name that is not ours is refused before anything is done, or said, with it.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{BaseUrl, Peer};
use crate::app::AppState;
use crate::config::Config;
use crate::error::AppError;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Lets requests through that address us by a name of ours, and tells handlers what we are called.
///
/// # Errors
/// 421 for a name that is not ours, 400 for a Host that is no host at all.
pub async fn check_host(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let base = base_url(&state.config, &request)?;
    request.extensions_mut().insert(base);
    Ok(next.run(request).await)
}

fn base_url(config: &Config, request: &Request) -> Result<BaseUrl, AppError> {
    let peer = request.extensions().get::<Peer>().copied();
    let proxied = peer.is_some_and(|peer| config.trusted_proxies.contains(peer.remote.ip()));
    let authority = addressed(request, proxied, peer)?;
    if !config.allowed_hosts.allows(authority.host()) {
        return Err(misdirected());
    }
    if let Some(public) = &config.public_url {
        return Ok(BaseUrl::new(&public.to_string()));
    }
    let scheme = if proxied { forwarded_scheme(request.headers()) } else { "http" };
    Ok(BaseUrl::new(&format!("{scheme}://{}", authority.as_str().to_ascii_lowercase())))
}

/// The name by which the client called us.
fn addressed(request: &Request, proxied: bool, peer: Option<Peer>) -> Result<Authority, AppError> {
    let headers = request.headers();
    if proxied && let Some(value) = headers.get_all(FORWARDED_HOST).iter().next_back() {
        return authority(nearest(value.to_str().map_err(|_| bad_host())?));
    }
    if let Some(found) = request.uri().authority() {
        return authority(found.as_str());
    }
    let mut values = headers.get_all(header::HOST).iter();
    match (values.next(), values.next(), peer) {
        (Some(value), None, _) => authority(value.to_str().map_err(|_| bad_host())?),
        (None, _, Some(peer)) if request.version() == Version::HTTP_10 => authority(&peer.local.to_string()),
        _ => Err(bad_host()),
    }
}

fn authority(text: &str) -> Result<Authority, AppError> {
    let parsed: Authority = text.parse().map_err(|_| misdirected())?;
    let port = text.strip_prefix(parsed.host()).unwrap_or("@");
    let port_fits = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    if port_fits { Ok(parsed) } else { Err(misdirected()) }
}

fn forwarded_scheme(headers: &HeaderMap) -> &'static str {
    let last = headers.get_all(FORWARDED_PROTO).iter().next_back();
    let value = last.and_then(|value| value.to_str().ok()).unwrap_or_default();
    if nearest(value).eq_ignore_ascii_case("https") { "https" } else { "http" }
}

/// Each proxy adds at the end: what the nearest one says stands last, and what a client made up stands before it.
fn nearest(list: &str) -> &str {
    list.rsplit(',').next().unwrap_or_default().trim()
}

fn bad_host() -> AppError {
    AppError::new(StatusCode::BAD_REQUEST, "bad_host", "A request needs exactly one Host.")
}

/// The name is not repeated: it may be hostile.
fn misdirected() -> AppError {
    let detail = "This server does not answer to the name in Host. Use its address, or add the name to \
                  ALLOWED_HOSTS (or set PUBLIC_URL) on the server.";
    AppError::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", detail)
}
