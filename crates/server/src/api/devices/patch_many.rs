//! PATCH /api/devices: one change for many devices.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::body::Json;
use crate::domain::change::Author;
use crate::domain::device_edit::Edit;
use crate::domain::typed::{Fields, Typed};
use crate::error::AppError;
use crate::extract::{NoParams, Query};

/// Devices of one change at most.
const MOST: usize = 1000;

/// One change for many devices.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOfMany {
    /// The devices.
    #[schema(min_items = 1, max_items = 1000)]
    ids: Vec<i64>,
    /// What changes of each: null takes back what was typed.
    #[schema(value_type = Typed)]
    change: Fields,
}

/// A device that is changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangedDevice {
    id: i64,
    /// The version that it has now.
    version: i64,
}

/// The devices that are changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedDevices {
    items: Vec<ChangedDevice>,
}

/// Changes all of them, or none.
///
/// # Errors
/// 422 for devices that are not there and fields that do not fit, 503 when the database is away.
#[utoipa::path(
    patch,
    path = "/api/devices",
    tag = "devices",
    operation_id = "update_devices",
    request_body = ChangeOfMany,
    responses((status = 200, description = "All of them, with their versions", body = ChangedDevices)),
)]
pub async fn patch_many(
    State(state): State<AppState>,
    author: Author,
    Query(NoParams {}): Query<NoParams>,
    Json(ChangeOfMany { ids, change }): Json<ChangeOfMany>,
) -> Result<axum::Json<ChangedDevices>, AppError> {
    if !(1..=MOST).contains(&ids.len()) {
        let message = format!("{} ids, expected 1 to {MOST}", ids.len());
        return Err(AppError::misfit("ids", message));
    }
    let changed = state.store.update_devices(ids, Edit::Patch(change.0), author).await??;
    let items = changed.into_iter().map(|(id, version)| ChangedDevice { id, version }).collect();
    Ok(axum::Json(ChangedDevices { items }))
}
