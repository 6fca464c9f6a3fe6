//! GET /api/snapshots/{id}/diff/{other}: what changed between two snapshots, or differs between two machines.

use axum::extract::State;
use axum::{Extension, Json};

use super::no_such_snapshot;
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::snapshot::SnapshotDiff;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// What differs, one thing at a time: facts only. Of two machines, and for the public, serial numbers and addresses are left
/// out.
///
/// # Errors
/// 404 if there is no such snapshot, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/snapshots/{id}/diff/{other}",
    tag = "snapshots",
    operation_id = "compare_snapshots",
    params(
        ("id" = i64, Path, description = "Id of the snapshot before"),
        ("other" = i64, Path, description = "Id of the snapshot after"),
    ),
    responses((status = 200, description = "As asked for", body = SnapshotDiff)),
)]
pub async fn diff(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path((before, after)): Path<(i64, i64)>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<SnapshotDiff>, AppError> {
    let seen = state.store.snapshot_facts(&[before, after]).await?;
    let seen = seen.ok_or_else(no_such_snapshot)?;
    let [before, after] = seen.as_slice() else { return Err(no_such_snapshot()) };
    Ok(Json(SnapshotDiff::of(before, after, sight == Sight::Public).map_err(AppError::internal)?))
}
