//! GET /api/net/v1/download?bytes=N: bytes that nothing on the way can compress.

use std::io;
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Deserialize;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa::IntoParams;

use super::InSlot;
use super::slots::Slot;
use crate::api::octets::Octets;
use crate::app::AppState;
use crate::edge::Refusal;
use crate::error::AppError;
use crate::extract::Query;

/// Pieces of this size keep the cost of handing them over small against that of sending them.
const PIECE_BYTES: usize = 512 * 1024;

/// Made at the first test, then kept.
static NOISE: LazyLock<Bytes> = LazyLock::new(|| noise(PIECE_BYTES));

/// How much.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Amount {
    /// Bytes to send.
    bytes: u64,
}

/// Sends that many bytes, while the slot lasts.
///
/// # Errors
/// 413 if it is more than what the slot has left.
#[utoipa::path(
    get,
    path = "/api/net/v1/download",
    tag = "network test",
    operation_id = "download_in_network_test",
    params(("X-Net-Slot" = String, Header, description = "The slot that was granted"), Amount),
    responses(
        (
            status = 200,
            description = "That many bytes",
            body = Octets,
            content_type = "application/octet-stream",
        ),
        (status = 409, response = Refusal),
        (status = 413, response = Refusal),
    ),
)]
pub async fn download(
    State(state): State<AppState>,
    InSlot(slot): InSlot,
    Query(Amount { bytes }): Query<Amount>,
) -> Result<Response, AppError> {
    slot.spend(bytes)?;
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CACHE_CONTROL, "no-store, no-transform".to_owned()),
    ];
    Ok((head, Body::from_stream(pieces(bytes, slot, state.stopping))).into_response())
}

/// The bytes; breaks off when the slot ends or the server stops.
fn pieces(
    bytes: u64,
    slot: Arc<Slot>,
    stopping: CancellationToken,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold(bytes, move |left| {
        let now = Instant::now();
        let ended = now >= slot.ends || stopping.is_cancelled();
        slot.touch(now);
        async move {
            if left == 0 {
                return Ok(None);
            }
            if ended {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "the slot of the network test ended"));
            }
            let size = usize::try_from(left).unwrap_or(usize::MAX).min(NOISE.len());
            Ok(Some((NOISE.slice(..size), left - size as u64)))
        }
    })
}

/// Bytes of xorshift64: cheap, and without any pattern that a compressor would find.
fn noise(bytes: usize) -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.flatten().take(bytes).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use futures_util::StreamExt;

    use super::*;
    use crate::api::net::slots::{LIFETIME, Slots};

    #[test]
    fn the_noise_cannot_be_compressed() {
        let noise = noise(PIECE_BYTES);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&noise).unwrap();
        assert!(encoder.finish().unwrap().len() > noise.len());
    }

    #[tokio::test(start_paused = true)]
    async fn it_breaks_off_when_the_slot_ends() {
        let slot = Slots::default().take("a".to_owned(), Instant::now()).unwrap();
        let mut pieces = Box::pin(pieces(u64::MAX, slot, CancellationToken::new()));
        tokio::time::advance(LIFETIME - std::time::Duration::from_secs(1)).await;
        assert_eq!(pieces.next().await.unwrap().unwrap().len(), PIECE_BYTES);
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        assert_eq!(pieces.next().await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn it_breaks_off_when_the_server_stops() {
        let slot = Slots::default().take("a".to_owned(), Instant::now()).unwrap();
        let stopping = CancellationToken::new();
        let mut pieces = Box::pin(pieces(u64::MAX, slot, stopping.clone()));
        assert!(pieces.next().await.unwrap().is_ok());
        stopping.cancel();
        assert!(pieces.next().await.unwrap().is_err());
    }
}
