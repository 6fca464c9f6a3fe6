//! PATCH /api/settings: changes some of them.

use axum::Json as Answered;
use axum::extract::State;

use crate::app::AppState;
use crate::body::Json;
use crate::domain::change::Author;
use crate::domain::settings::{SettingsPatch, SiteSettings};
use crate::error::AppError;

/// Changes what is given. Other servers of the same database notice within five seconds.
///
/// # Errors
/// 422 for fields that do not fit or that there are not, 503 when the database is away.
#[utoipa::path(
    patch,
    path = "/api/settings",
    tag = "access",
    operation_id = "update_settings",
    request_body = SettingsPatch,
    responses((status = 200, description = "As they count from now on", body = SiteSettings)),
)]
pub async fn update(
    State(state): State<AppState>,
    author: Author,
    Json(patch): Json<SettingsPatch>,
) -> Result<Answered<SiteSettings>, AppError> {
    let patch = patch.check().map_err(AppError::invalid)?;
    let settings = state.store.update_site_settings(patch, author).await?;
    state.site.forget();
    Ok(Answered(settings))
}
