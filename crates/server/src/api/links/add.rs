//! POST /api/devices/{id}/links: a device gets a link.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};

use crate::api::devices::no_such_device;
use crate::app::AppState;
use crate::body;
use crate::domain::change::Author;
use crate::domain::link::{Link, TypedLink};
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Adds it.
///
/// # Errors
/// 404 if there is no such device, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    post,
    path = "/api/devices/{id}/links",
    tag = "links",
    operation_id = "add_link",
    params(("id" = i64, Path, description = "Id of the device")),
    request_body = TypedLink,
    responses((status = 201, description = "Added; `Location` says where it is", body = Link)),
)]
pub async fn add(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    body::Json(typed): body::Json<TypedLink>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Link>), AppError> {
    let link = state.store.add_link(id, typed, author).await?.ok_or_else(no_such_device)?;
    let place = [(header::LOCATION, format!("/api/links/{}", link.id))];
    Ok((StatusCode::CREATED, place, Json(link)))
}
