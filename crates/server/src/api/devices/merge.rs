//! POST /api/devices/{id}/merge: two rows that are one machine become one.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Condition, Tagged};
use crate::app::AppState;
use crate::body::Json;
use crate::domain::change::Author;
use crate::domain::device::Device;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The other device: exactly one of both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merging {
    /// The device that goes into this one.
    #[schema(minimum = 1)]
    from: Option<i64>,
    /// The device that this one goes into.
    #[schema(minimum = 1)]
    into: Option<i64>,
}

/// Moves everything that one has to the other: benchmarks, hardware snapshots, keys, links and documents. What was typed of the
/// one that stays wins, and what was typed of the other fills its gaps; how it stands is told anew from all benchmarks. The
/// other's `device_identifier` leads to it: reports under that name are filed with it. This cannot be undone; what was typed of
/// the other and does not count any more stands in the list of changes (`typed_lost`).
///
/// # Errors
/// 404 if there is no such device, 412 if the one that stays has not the version of `If-Match`, 422 without one other device, 503 when the database is away.
#[utoipa::path(
    post,
    path = "/api/devices/{id}/merge",
    tag = "devices",
    operation_id = "merge_devices",
    params(
        ("id" = i64, Path, description = "Id of the device"),
        ("If-Match" = Option<String>, Header, description = "Only if the device that stays has this version: its ETag, or the plain number"),
    ),
    request_body = Merging,
    responses(
        (status = 200, description = "The device that stays; this cannot be undone", body = Device, headers(
            ("ETag" = String, description = "What `If-Match` takes"),
        )),
        (status = 412, response = crate::edge::Refusal),
    ),
)]
pub async fn merge(
    State(state): State<AppState>,
    author: Author,
    (Path(id), Query(NoParams {})): (Path<i64>, Query<NoParams>),
    Condition(expected): Condition,
    Json(merging): Json<Merging>,
) -> Result<Tagged, AppError> {
    let (from, into) = match merging {
        Merging { from: Some(from), into: None } => (from, id),
        Merging { from: None, into: Some(into) } => (id, into),
        _ => {
            return Err(AppError::misfit("from", "expected either from or into: the id of the other device"));
        }
    };
    if from == into {
        return Err(AppError::misfit("from", "the same device, expected the id of another"));
    }
    state.store.merge_devices(from, (into, expected), author).await??;
    Tagged::now(&state, into).await
}
