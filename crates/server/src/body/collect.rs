//! Takes in a body piece by piece and gives up early: on size, on time, when the server stops.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::StatusCode;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::LIMIT_BYTES;
use super::decode::{Decoder, Encoding};
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

/// The whole body, decompressed.
pub(super) async fn collect(
    body: Body,
    encoding: Encoding,
    patience: Patience,
    stopping: &CancellationToken,
) -> Result<Bytes, AppError> {
    if body.size_hint().lower() > LIMIT_BYTES as u64 {
        return Err(too_large());
    }
    let reading = read(body, encoding, patience);
    let stopped = async {
        stopping.cancelled().await;
        tokio::time::sleep(patience.stopping).await;
    };
    tokio::select! {
        biased;
        bytes = reading => bytes,
        () = stopped => Err(AppError::unavailable("The server is stopping; send it again in a moment.")),
    }
}

async fn read(mut body: Body, encoding: Encoding, patience: Patience) -> Result<Bytes, AppError> {
    let mut decoder = Decoder::new(encoding, LIMIT_BYTES)?;
    let mut received = 0;
    let end = Instant::now() + patience.whole;
    loop {
        let next = timeout_at(end.min(Instant::now() + patience.piece), body.frame());
        let Some(frame) = next.await.map_err(|_| too_slow())? else { return decoder.finish() };
        let frame = frame.map_err(|error| cut_off().because(error))?;
        let Ok(piece) = frame.into_data() else { continue };
        received += piece.len();
        if received > LIMIT_BYTES {
            return Err(too_large());
        }
        decoder.take(&piece)?;
    }
}

/// 413.
pub(super) fn too_large() -> AppError {
    let detail = "The body is larger than 4 MiB, as it came or decompressed.";
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
        collect(body, Encoding::Identity, Patience::default(), stopping).await.unwrap_err().status()
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
