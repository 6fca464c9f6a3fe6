//! GET /api/devices/{id}/docs: the documents of a device and of its model, oldest first.

use axum::extract::State;
use axum::{Extension, Json};

use crate::api::devices::no_such_device;
use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::document::Document;
use crate::error::AppError;
use crate::extract::{NoParams, Path};

/// A part of the list. The public sees no invoices and warranties.
///
/// # Errors
/// 404 if there is no such device, 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices/{id}/docs",
    tag = "documents",
    operation_id = "list_documents_of_device",
    params(("id" = i64, Path, description = "Id of the device"), ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Document>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<ListAnswer<Document>>, AppError> {
    let public = sight == Sight::Public;
    let part = state.store.device_documents(id, public, &paging).await?.ok_or_else(no_such_device)?;
    Ok(answer(&paging, part))
}
