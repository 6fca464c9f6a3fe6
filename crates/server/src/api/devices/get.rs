//! GET /api/devices/{id}: one device.

use axum::Extension;
use axum::extract::State;

use super::{Tagged, no_such_device};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::device::Device;
use crate::domain::privacy::public_device;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The device, with a tag of its version and of all that is said of it. To the public, READ_ACCESS=public hides what it cost, when and from whom it came,
/// whose it is and where, its serial and inventory numbers, its host names, and what people wrote down for themselves.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices/{id}",
    tag = "devices",
    operation_id = "get_device",
    params(
        ("id" = i64, Path, description = "Id of the device"),
        ("If-None-Match" = Option<String>, Header, description = "`ETag` of an earlier answer"),
    ),
    responses(
        (
            status = 200, description = "As asked for", body = Device,
            headers(("ETag" = String, description = "What `If-Match` and `If-None-Match` take")),
        ),
        (status = 304, description = "The client has it already"),
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Tagged, AppError> {
    let device = state.store.device(id).await?.ok_or_else(no_such_device)?;
    Ok(Tagged(if sight == Sight::Public { public_device(device) } else { device }))
}
