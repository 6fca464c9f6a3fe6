//! Takes in a body piece by piece and gives up early: on size, on time, when the server stops.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::decode::{Decoder, Encoding};
use super::{CSV_LIMIT_BYTES, LIMIT_BYTES, MIB};
use crate::app::AppState;
use crate::error::AppError;

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the next piece.
    pub piece: Duration,
    /// For the whole body.
    pub whole: Duration,
    /// For the rest of the body once the server is stopping.
    pub stopping: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            piece: Duration::from_secs(10),
            whole: Duration::from_secs(60),
            stopping: Duration::from_secs(1),
        }
    }
}

/// What is taken of a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Bytes at most, as it comes and decompressed.
    limit: usize,
    patience: Patience,
}

impl Bounds {
    /// Of a JSON document.
    pub(super) fn document() -> Self {
        Self { limit: LIMIT_BYTES, patience: Patience::default() }
    }

    /// Of a spreadsheet, which takes longer on a slow line.
    pub(super) fn spreadsheet() -> Self {
        let patience = Patience { whole: Duration::from_secs(600), ..Patience::default() };
        Self { limit: CSV_LIMIT_BYTES, patience }
    }
}

/// The whole body of a request, decompressed, if its type is one of those that fit.
///
/// # Errors
/// 415 with this `detail` for another type.
pub(super) async fn collect_if(
    request: Request,
    state: &AppState,
    bounds: Bounds,
    fits: impl FnOnce(&str) -> bool,
    detail: &'static str,
) -> Result<Bytes, AppError> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !fits(&essence) {
        return Err(unsupported(detail));
    }
    let encoding = Encoding::of(&parts.headers)?;
    collect(body, encoding, bounds, &state.stopping).await
}

/// 415 for a body of a type that an address does not take.
pub(crate) fn unsupported(detail: &'static str) -> AppError {
    AppError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
}

/// The whole body, decompressed.
async fn collect(
    body: Body,
    encoding: Encoding,
    bounds: Bounds,
    stopping: &CancellationToken,
) -> Result<Bytes, AppError> {
    if body.size_hint().lower() > bounds.limit as u64 {
        return Err(too_large(bounds.limit));
    }
    unless_stopping(read(body, encoding, bounds), bounds.patience.stopping, stopping).await
}

/// What comes in, unless the server stops: then the rest of it has so long.
///
/// # Errors
/// 503 when that is over.
pub(crate) async fn unless_stopping<T>(
    reading: impl Future<Output = Result<T, AppError>>,
    patience: Duration,
    stopping: &CancellationToken,
) -> Result<T, AppError> {
    let stopped = async {
        stopping.cancelled().await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        biased;
        read = reading => read,
        () = stopped => Err(AppError::unavailable("The server is stopping; send it again in a moment.")),
    }
}

async fn read(
    mut body: Body,
    encoding: Encoding,
    Bounds { limit, patience }: Bounds,
) -> Result<Bytes, AppError> {
    let mut decoder = Decoder::new(encoding, limit)?;
    let mut received = 0;
    let end = Instant::now() + patience.whole;
    loop {
        let next = timeout_at(end.min(Instant::now() + patience.piece), body.frame());
        let Some(frame) = next.await.map_err(|_| too_slow())? else { return decoder.finish() };
        let frame = frame.map_err(|error| cut_off().because(error))?;
        let Ok(piece) = frame.into_data() else { continue };
        received += piece.len();
        if received > limit {
            return Err(too_large(limit));
        }
        decoder.take(&piece)?;
    }
}

/// 413.
pub(super) fn too_large(limit: usize) -> AppError {
    let detail = format!("The body is larger than {} MiB, as it came or decompressed.", limit / MIB);
    AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

fn too_slow() -> AppError {
    let detail = "The body did not arrive in time; send it again.";
    AppError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail)
}

fn cut_off() -> AppError {
    AppError::new(StatusCode::BAD_REQUEST, "cut_off", "The body ended before its end.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{StreamExt, stream};

    fn slow_body() -> Body {
        let first = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{")) });
        Body::from_stream(first.chain(stream::pending()))
    }

    async fn status(body: Body, stopping: &CancellationToken) -> StatusCode {
        collect(body, Encoding::Identity, Bounds::document(), stopping).await.unwrap_err().status()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_408() {
        assert_eq!(status(slow_body(), &CancellationToken::new()).await, StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_for_ever_is_408() {
        let began = Instant::now();
        let drip = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(9)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        });
        let found = status(Body::from_stream(drip), &CancellationToken::new()).await;
        assert_eq!((found, began.elapsed().as_secs()), (StatusCode::REQUEST_TIMEOUT, 60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stopping_server_does_not_wait_for_it() {
        let stopping = CancellationToken::new();
        stopping.cancel();
        let began = Instant::now();
        assert_eq!(status(slow_body(), &stopping).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(began.elapsed(), Patience::default().stopping);
    }
}
