//! GET /api/net/v1/ping: as little as an answer can be.

use axum::http::StatusCode;

use super::InSlot;
use crate::edge::Refusal;

/// 204.
#[utoipa::path(
    get,
    path = "/api/net/v1/ping",
    tag = "network test",
    operation_id = "ping_in_network_test",
    params(("X-Net-Slot" = String, Header, description = "The slot that was granted")),
    responses((status = 204, description = "Here"), (status = 409, response = Refusal)),
)]
pub async fn ping(InSlot(_): InSlot) -> StatusCode {
    StatusCode::NO_CONTENT
}
