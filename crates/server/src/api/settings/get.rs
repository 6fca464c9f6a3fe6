//! GET /api/settings: the settings, as they count.

use axum::Json;
use axum::extract::State;

use crate::app::AppState;
use crate::domain::settings::SiteSettings;
use crate::error::AppError;
use crate::extract::{NoParams, Query};

/// The settings that people change while the server runs; those of its start are in the environment.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/settings",
    tag = "access",
    operation_id = "get_settings",
    responses((status = 200, description = "As they count", body = SiteSettings)),
)]
pub async fn get(
    State(state): State<AppState>,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Json<SiteSettings>, AppError> {
    Ok(Json(state.store.site_settings().await?))
}
