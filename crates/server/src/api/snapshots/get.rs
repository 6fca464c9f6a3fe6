//! GET /api/snapshots/{id}: the hardware of a device between two changes.

use axum::extract::State;
use axum::{Extension, Json};

use super::no_such_snapshot;
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::privacy::public_hardware;
use crate::domain::snapshot::FullSnapshot;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The snapshot.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/snapshots/{id}",
    tag = "snapshots",
    operation_id = "get_snapshot",
    params(("id" = i64, Path, description = "Id of the snapshot")),
    responses((status = 200, description = "As asked for", body = FullSnapshot)),
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<FullSnapshot>, AppError> {
    let mut snapshot = state.store.snapshot(id).await?.ok_or_else(no_such_snapshot)?;
    if sight == Sight::Public {
        snapshot.hardware = public_hardware(snapshot.hardware);
    }
    Ok(Json(snapshot))
}
