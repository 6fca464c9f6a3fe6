//! GET /api/devices/groups: devices by what they have in common.

use axum::extract::State;
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::device_groups::{DeviceGroups, GroupBy};
use crate::error::AppError;
use crate::extract::Query;

/// What makes a group.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GroupParams {
    /// What those of a group have in common.
    by: GroupBy,
}

/// The groups, the largest first, with the quartiles of their scores.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices/groups",
    tag = "devices",
    operation_id = "group_devices",
    params(GroupParams),
    responses((status = 200, description = "As asked for", body = DeviceGroups)),
)]
pub async fn groups(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Query(GroupParams { by }): Query<GroupParams>,
) -> Result<Json<DeviceGroups>, AppError> {
    if sight == Sight::Public && by == GroupBy::Location {
        return Err(AppError::misfit("by", "only those who hold the token see locations"));
    }
    Ok(Json(state.store.device_groups(by).await?))
}
