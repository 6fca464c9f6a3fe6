//! GET /api/devices: all devices, by name.

use axum::Json;
use axum::extract::State;

use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::domain::device::Device;
use crate::error::AppError;
use crate::extract::NoParams;

/// A part of the list.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices",
    tag = "devices",
    operation_id = "list_devices",
    params(ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Device>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<ListAnswer<Device>>, AppError> {
    Ok(answer(&paging, state.store.devices(&paging).await?))
}
