//! POST and DELETE /api/net/v1/slot: begins a test, and ends it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::InSlot;
use super::slots::{LIFETIME, MAX_BYTES};
use crate::app::AppState;
use crate::edge::Refusal;
use crate::edge::{ClientAddress, Peer};
use crate::error::AppError;

/// The place in the test.
#[derive(Serialize, ToSchema)]
pub struct Granted {
    slot: String,
    expires_in_ms: u64,
    max_bytes: u64,
    /// The client as we see it: one address on both sides means one machine.
    client_address: String,
    server_address: String,
}

/// Takes the place.
///
/// # Errors
/// 429 with Retry-After if another test has it.
#[utoipa::path(
    post,
    path = "/api/net/v1/slot",
    tag = "network test",
    operation_id = "take_slot",
    responses(
        (status = 200, description = "The place in the test", body = Granted),
        (status = 429, response = Refusal),
    ),
)]
pub async fn take(
    State(state): State<AppState>,
    Extension(peer): Extension<Peer>,
    Extension(ClientAddress(client)): Extension<ClientAddress>,
) -> Result<Json<Granted>, AppError> {
    let id = format!("{:016x}{:016x}", random()?, random()?);
    let slot = state.net.take(id, Instant::now()).map_err(|wait| {
        let seconds = u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX);
        let detail = "Another machine is measuring its network; one at a time.";
        AppError::new(StatusCode::TOO_MANY_REQUESTS, "slot_taken", detail).retry_after(seconds)
    })?;
    Ok(Json(Granted {
        slot: slot.id().to_owned(),
        expires_in_ms: LIFETIME.as_millis() as u64,
        max_bytes: MAX_BYTES,
        client_address: client.to_string(),
        server_address: peer.local.ip().to_canonical().to_string(),
    }))
}

/// Gives the place back.
#[utoipa::path(
    delete,
    path = "/api/net/v1/slot",
    tag = "network test",
    operation_id = "give_slot_back",
    params(("X-Net-Slot" = String, Header, description = "The slot that was granted")),
    responses((status = 204, description = "Given back"), (status = 409, response = Refusal)),
)]
pub async fn give_back(State(state): State<AppState>, InSlot(slot): InSlot) -> StatusCode {
    state.net.give_back(&slot);
    StatusCode::NO_CONTENT
}

fn random() -> Result<u64, AppError> {
    getrandom::u64().map_err(AppError::internal)
}
