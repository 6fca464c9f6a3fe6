//! GET /api/changes: who changed what, the newest first.

use axum::Json;
use axum::extract::State;
use report::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::list::{Asked, Filters, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::domain::change::{Changed, ChangesWanted};
use crate::error::AppError;

/// Which changes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesFilter {
    /// From then on.
    from: Option<Timestamp>,
    /// Before then.
    to: Option<Timestamp>,
    /// Name of the token or of the user.
    who: Option<String>,
    /// What was done: `device.update`; `device` stands for all that is done to devices.
    action: Option<String>,
    /// Id of what was changed; with `action`, since devices and tokens have the same ids.
    subject_id: Option<i64>,
}

impl Filters for ChangesFilter {}

/// A part of the list. It names people, and needs the scope that people need to change things.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/changes",
    tag = "access",
    operation_id = "list_changes",
    params(ListParams, ChangesFilter),
    responses((status = 200, description = "As asked for", body = ListAnswer<Changed>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Asked { paging, filters }: Asked<ChangesFilter>,
) -> Result<Json<ListAnswer<Changed>>, AppError> {
    let ChangesFilter { from, to, who, action, subject_id } = filters;
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let wanted = ChangesWanted { from, to, who: said(who), action: said(action), subject_id };
    Ok(answer(&paging, state.store.changes(wanted, &paging).await?))
}
