//! PUT /api/devices/{id}: all that is typed of a device is replaced.

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

/// Replaces everything that was typed; a field that is not given is not typed any more. `typed` of a device that was read is
/// what this takes.
///
/// # Errors
/// 404 if there is no such device, 412 if it has not the version of `If-Match`, 422 for fields that do not fit, 503 when the
/// database is away.
#[utoipa::path(
    put,
    path = "/api/devices/{id}",
    tag = "devices",
    operation_id = "replace_device",
    params(
        ("id" = i64, Path, description = "Id of the device"),
        ("If-Match" = Option<String>, Header, description = "Only if the device has this version: its ETag, or the plain number"),
    ),
    request_body = Typed,
    responses(
        (status = 200, description = "The device as it is now", body = Device, headers(
            ("ETag" = String, description = "What `If-Match` and `If-None-Match` take"),
        )),
        (status = 412, response = crate::edge::Refusal),
    ),
)]
pub async fn replace(
    State(state): State<AppState>,
    author: Author,
    (Path(id), Query(NoParams {})): (Path<i64>, Query<NoParams>),
    Condition(expected): Condition,
    Json(fields): Json<Fields>,
) -> Result<Tagged, AppError> {
    let mut typed = Typed::default();
    typed.patch(&fields.0).map_err(AppError::invalid)?;
    state.store.update_device((id, expected), Edit::Replace(Box::new(typed)), author).await??;
    Tagged::now(&state, id).await
}
