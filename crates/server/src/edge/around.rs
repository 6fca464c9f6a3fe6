//! The outermost layer: names the request, catches panics, completes refusals, writes the log line.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tracing::Instrument;

use super::{ClientAddress, Peer, RequestId, headers, problem, request_id};
use crate::app::AppState;
use crate::error::AppError;
use crate::web::{Visitor, error_page};

/// What is said about a request in the log.
struct Visit {
    id: RequestId,
    client: Option<ClientAddress>,
    method: Method,
    uri: Uri,
    /// The pattern that the path fits.
    route: Option<MatchedPath>,
    /// Who asked for a page, and gets errors as one.
    reader: Option<Visitor>,
    began: Instant,
}

/// Wraps the whole service.
pub async fn around(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let visit = Visit::of(&state, &request);
    request.extensions_mut().insert(visit.id.clone());
    if let Some(client) = visit.client {
        request.extensions_mut().insert(client);
    }
    let span = tracing::info_span!("request", request_id = %visit.id);
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span).await;
    let mut response = answer.unwrap_or_else(|panic| AppError::internal(panicked(&*panic)).into_response());
    let error = problem::complete(&mut response, &visit.uri, &visit.id, visit.reader.as_ref());
    headers::protect(response.headers_mut());
    if state.config.tells_readers_apart() {
        headers::keep_private(response.headers_mut());
    }
    if let Some(value) = visit.id.header() {
        response.headers_mut().insert(request_id::HEADER, value);
    }
    let route = visit.route.as_ref().map(MatchedPath::as_str);
    state.telemetry.answered(&visit.method, route, response.status(), visit.began.elapsed());
    visit.log(response.status(), error.as_deref());
    response
}

impl Visit {
    fn of(state: &AppState, request: &Request) -> Self {
        let proxies = &state.config.trusted_proxies;
        let peer = request.extensions().get::<Peer>().copied();
        let trusted = peer.is_some_and(|peer| proxies.contains(peer.remote.ip()));
        let given = if trusted { RequestId::given(request.headers()) } else { None };
        Self {
            id: given.unwrap_or_else(|| state.request_ids.next()),
            client: peer.map(|peer| ClientAddress::of(peer, request.headers(), proxies)),
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request.extensions().get::<MatchedPath>().cloned(),
            reader: error_page::reader(request.uri(), request.headers())
                .map(|reader| reader.of_site(state.site.last_name())),
            began: Instant::now(),
        }
    }

    /// One line a request: failures of ours with their whole chain, refusals with their code. Of the address
    /// only the path, since people put secrets into the rest.
    fn log(&self, status: StatusCode, error: Option<&AppError>) {
        let Self { id: request_id, client, method, uri, route: _, reader: _, began } = self;
        let client = client.map(|ClientAddress(address)| tracing::field::display(address));
        let (path, status) = (uri.path(), status.as_u16());
        let duration_ms = began.elapsed().as_micros() as f64 / 1000.0;
        let code = error.map(AppError::code);
        let cause = error.and_then(AppError::chain);
        if status >= 500 {
            tracing::error!(%method, path, status, duration_ms, %request_id, client, code, cause, "failed");
        } else if status >= 400 {
            tracing::info!(%method, path, status, duration_ms, %request_id, client, code, cause, "refused");
        } else {
            tracing::info!(%method, path, status, duration_ms, %request_id, client, "answered");
        }
    }
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", text.unwrap_or("without a message"))
}
