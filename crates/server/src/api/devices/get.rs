//! GET /api/devices/{id}: one device.

use axum::Json;
use axum::extract::State;

use super::no_such_device;
use crate::app::AppState;
use crate::domain::device::Device;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The device.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices/{id}",
    tag = "devices",
    operation_id = "get_device",
    params(("id" = i64, Path, description = "Id of the device")),
    responses((status = 200, description = "As asked for", body = Device)),
)]
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<Device>, AppError> {
    state.store.device(id).await?.map(Json).ok_or_else(no_such_device)
}
