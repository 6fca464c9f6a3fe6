//! GET /api/devices/{id}/links: the links of a device, oldest first.

use axum::Json;
use axum::extract::State;

use crate::api::devices::no_such_device;
use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::domain::link::Link;
use crate::error::AppError;
use crate::extract::{NoParams, Path};

/// A part of the list.
///
/// # Errors
/// 404 if there is no such device, 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices/{id}/links",
    tag = "links",
    operation_id = "list_links_of_device",
    params(("id" = i64, Path, description = "Id of the device"), ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Link>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<ListAnswer<Link>>, AppError> {
    let part = state.store.device_links(id, &paging).await?.ok_or_else(no_such_device)?;
    Ok(answer(&paging, part))
}
