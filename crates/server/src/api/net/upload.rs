//! POST /api/net/v1/upload: takes bytes and keeps none.

use axum::Json;
use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::http::StatusCode;
use http_body_util::BodyExt;
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::InSlot;
use super::slots::{Slot, expired};
use crate::api::octets::Octets;
use crate::app::AppState;
use crate::edge::Refusal;
use crate::error::AppError;

/// How much arrived.
#[derive(Serialize, ToSchema)]
pub struct Received {
    bytes: u64,
}

/// Reads the body to its end.
///
/// # Errors
/// 413 if it is more than what the slot has left, 409 if the slot ends first.
#[utoipa::path(
    post,
    path = "/api/net/v1/upload",
    tag = "network test",
    operation_id = "upload_in_network_test",
    params(("X-Net-Slot" = String, Header, description = "The slot that was granted")),
    request_body(content = Octets, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "How much arrived", body = Received),
        (status = 400, response = Refusal),
        (status = 409, response = Refusal),
        (status = 413, response = Refusal),
    ),
)]
pub async fn upload(
    State(state): State<AppState>,
    InSlot(slot): InSlot,
    body: Body,
) -> Result<Json<Received>, AppError> {
    let announced = body.size_hint().lower();
    slot.spend(announced)?;
    tokio::select! {
        received = receive(body, &slot, announced) => received.map(Json),
        () = tokio::time::sleep_until(slot.ends) => Err(expired()),
        () = state.stopping.cancelled() => Err(AppError::unavailable("The server is stopping.")),
    }
}

/// Counts the bytes; `paid` of them are spent already.
async fn receive(mut body: Body, slot: &Slot, mut paid: u64) -> Result<Received, AppError> {
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            AppError::new(StatusCode::BAD_REQUEST, "cut_off", "The body ended before its end.").because(error)
        })?;
        let Some(piece) = frame.data_ref() else { continue };
        bytes += piece.len() as u64;
        if bytes > paid {
            slot.spend(bytes - paid)?;
            paid = bytes;
        }
        slot.touch(Instant::now());
    }
    Ok(Received { bytes })
}
