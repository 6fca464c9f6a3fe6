//! GET /api/net/v1/ping: as little as an answer can be.

use axum::http::StatusCode;

use super::InSlot;

/// 204.
pub async fn ping(InSlot(_): InSlot) -> StatusCode {
    StatusCode::NO_CONTENT
}
