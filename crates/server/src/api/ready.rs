//! Answers that are ready: what was answered before is answered again for as long as nothing is written.
//!
//! For addresses whose answers follow from the database, the address and how much the reader sees, and from nothing else.
//! Where others write to the database too without that we see it (PostgreSQL), nothing is kept.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::known::unless_known;
use crate::app::AppState;
use crate::auth::Sight;
use crate::error::AppError;

/// Bytes of all that is kept together, at most.
const MOST_BYTES: usize = 16 << 20;
/// Larger answers are not kept.
const LARGEST_BYTES: usize = 512 << 10;
/// What an answer takes besides its body and its address, about.
const AROUND_BYTES: usize = 1_024;

/// Which answer: path and parameters as they were asked for, and how much the reader sees.
type Key = (String, Sight);

/// The answers of one moment.
#[derive(Default)]
pub struct Ready(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    moment: u64,
    answers: HashMap<Key, (HeaderMap, Bytes)>,
    bytes: usize,
}

impl Ready {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, moment: u64, key: &Key) -> Option<(HeaderMap, Bytes)> {
        let kept = self.kept();
        if kept.moment == moment { kept.answers.get(key).cloned() } else { None }
    }

    /// Keeps an answer that was begun at that moment, or later.
    fn keep(&self, moment: u64, key: Key, headers: HeaderMap, body: Bytes) {
        let bytes = key.0.len() + body.len() + AROUND_BYTES;
        let mut kept = self.kept();
        if moment < kept.moment || kept.answers.contains_key(&key) && moment == kept.moment {
            return;
        }
        if moment > kept.moment || kept.bytes + bytes > MOST_BYTES {
            *kept = Kept { moment, ..Kept::default() };
        }
        kept.bytes += bytes;
        kept.answers.insert(key, (headers, body));
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").finish_non_exhaustive()
    }
}

/// Answers what is ready, and keeps what is answered; says only that nothing changed to who has the answer. Stands behind the
/// look at the reader.
///
/// # Errors
/// 503 when the database is away.
pub(crate) async fn answer_or_keep(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let asked = request.headers().clone();
    answered(&state, request, next).await.map(|answer| unless_known(&asked, answer))
}

async fn answered(state: &AppState, request: Request, next: Next) -> Result<Response, AppError> {
    let sight = request.extensions().get::<Sight>().copied();
    let moment = if request.method() == Method::GET { state.store.moment().await? } else { None };
    let Some((moment, sight)) = moment.zip(sight) else { return Ok(next.run(request).await) };
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    let key = (address.to_owned(), sight);
    if let Some((headers, body)) = state.ready.find(moment, &key) {
        return Ok((headers, body).into_response());
    }
    let response = next.run(request).await;
    let length = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    if response.status() != StatusCode::OK || length.is_none_or(|bytes| bytes > LARGEST_BYTES) {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_BYTES).await.map_err(AppError::internal)?;
    state.ready.keep(moment, key, parts.headers.clone(), body.clone());
    Ok(Response::from_parts(parts, Body::from(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> Key {
        (address.to_owned(), Sight::Everything)
    }

    fn found(ready: &Ready, moment: u64, address: &str) -> Option<Bytes> {
        ready.find(moment, &key(address)).map(|(_, body)| body)
    }

    #[test]
    fn an_answer_is_found_by_whoever_sees_as_much_until_something_is_written() {
        let ready = Ready::default();
        ready.keep(1, key("/a"), HeaderMap::new(), Bytes::from_static(b"old"));
        assert_eq!(found(&ready, 1, "/a").as_deref(), Some(&b"old"[..]));
        assert_eq!(found(&ready, 1, "/a?b"), None);
        assert_eq!(ready.find(1, &("/a".to_owned(), Sight::Public)), None);
        assert_eq!(found(&ready, 2, "/a"), None);
        ready.keep(2, key("/b"), HeaderMap::new(), Bytes::from_static(b"new"));
        // Begun before the change, and done after it.
        ready.keep(1, key("/a"), HeaderMap::new(), Bytes::from_static(b"old"));
        assert_eq!(found(&ready, 2, "/a"), None);
        assert_eq!(found(&ready, 2, "/b").as_deref(), Some(&b"new"[..]));
    }

    #[test]
    fn memory_is_bounded_however_much_is_asked_for() {
        let ready = Ready::default();
        let body = Bytes::from(vec![0; LARGEST_BYTES]);
        for number in 0..100 {
            ready.keep(1, key(&number.to_string()), HeaderMap::new(), body.clone());
            assert!(found(&ready, 1, &number.to_string()).is_some());
            assert!(ready.kept().bytes <= MOST_BYTES);
        }
        // The same again takes no more room.
        let before = ready.kept().bytes;
        ready.keep(1, key("99"), HeaderMap::new(), body);
        assert_eq!(ready.kept().bytes, before);
    }
}
