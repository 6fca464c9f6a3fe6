//! GET /api/devices: all devices, by name.

use axum::extract::State;
use axum::{Extension, Json};

use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::device::Device;
use crate::domain::privacy::public_device;
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
    Extension(sight): Extension<Sight>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<ListAnswer<Device>>, AppError> {
    let mut part = state.store.devices(&paging).await?;
    if sight == Sight::Public {
        part.items = part.items.into_iter().map(public_device).collect();
    }
    Ok(answer(&paging, part))
}
