//! PATCH /api/devices/{id}: some of what is typed of a device changes.

use axum::extract::State;

use super::{Condition, Tagged};
use crate::app::AppState;
use crate::body::Json;
use crate::domain::change::Author;
use crate::domain::device::Device;
use crate::domain::device_edit::Edit;
use crate::domain::typed::{Fields, Typed};
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// Changes the fields that are given (JSON merge patch): null takes back what was typed, so that what reports say counts
/// again; of `custom`, names that are not given stay. `version` moves if anything is typed otherwise than before.
///
/// # Errors
/// 404 if there is no such device, 412 if it has not the version of `If-Match`, 422 for fields that do not fit, 503 when the
/// database is away.
#[utoipa::path(
    patch,
    path = "/api/devices/{id}",
    tag = "devices",
    operation_id = "update_device",
    params(
        ("id" = i64, Path, description = "Id of the device"),
        ("If-Match" = Option<String>, Header, description = "Only if the device has this version: its ETag, or the plain number"),
    ),
    request_body(content((Typed = "application/json"), (Typed = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The device as it is now", body = Device, headers(
            ("ETag" = String, description = "What `If-Match` and `If-None-Match` take"),
        )),
        (status = 412, response = crate::edge::Refusal),
    ),
)]
pub async fn patch(
    State(state): State<AppState>,
    author: Author,
    (Path(id), Query(NoParams {})): (Path<i64>, Query<NoParams>),
    Condition(expected): Condition,
    Json(fields): Json<Fields>,
) -> Result<Tagged, AppError> {
    state.store.update_device((id, expected), Edit::Patch(fields.0), author).await??;
    Tagged::now(&state, id).await
}
