//! GET /api/snapshots/{id}: the hardware of a device between two changes.

use axum::Json;
use axum::extract::State;

use crate::app::AppState;
use crate::domain::snapshot::FullSnapshot;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// The snapshot.
///
/// # Errors
/// 404 if there is none, 503 when the database is away.
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<FullSnapshot>, AppError> {
    let snapshot = state.store.snapshot(id).await?;
    snapshot.map(Json).ok_or_else(|| AppError::not_found("There is no snapshot with this id."))
}
