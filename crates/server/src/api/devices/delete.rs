//! DELETE /api/devices/{id}: a device goes for good, with everything that it has.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Condition;
use crate::app::AppState;
use crate::domain::change::Author;
use crate::domain::device_edit::Belongings;
use crate::error::AppError;
use crate::extract::{Path, Query};

/// That it is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Confirmation {
    /// The name of the device: as typed, or its `device_identifier` where none was. Without it nothing goes, and the refusal
    /// says what would.
    confirm: Option<String>,
}

/// What went.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeletedDevice {
    /// Id of the device; no other ever gets it.
    id: i64,
    /// What went with it.
    deleted: Belongings,
}

/// Deletes it with its benchmarks, hardware snapshots, links and documents, those of its hardware model too if no other device
/// has that. Its reports answer 410 from then on; the machine,
/// should it send another, is a new device.
///
/// # Errors
/// 404 if there is no such device, 412 if it has not the version of `If-Match`, 422 without its name, 503 when the database
/// is away.
#[utoipa::path(
    delete,
    path = "/api/devices/{id}",
    tag = "devices",
    operation_id = "delete_device",
    params(
        ("id" = i64, Path, description = "Id of the device"),
        ("If-Match" = Option<String>, Header, description = "Only if the device has this version: its ETag, or the plain number"),
        Confirmation,
    ),
    responses(
        (status = 200, description = "Deleted, with all this", body = DeletedDevice),
        (status = 412, response = crate::edge::Refusal),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(Confirmation { confirm }): Query<Confirmation>,
    Condition(expected): Condition,
) -> Result<Json<DeletedDevice>, AppError> {
    let deleted = state.store.delete_device((id, expected), confirm, author).await??;
    state.documents.tidy_soon();
    Ok(Json(DeletedDevice { id, deleted }))
}
