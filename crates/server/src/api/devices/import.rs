//! POST /api/devices/import: devices from a spreadsheet.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::AppState;
use crate::body::CsvBytes;
use crate::domain::change::Author;
use crate::domain::device_edit::Imported;
use crate::domain::spreadsheet;
use crate::error::AppError;
use crate::extract::Query;

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParams {
    /// Only says what would be done.
    #[param(default = false)]
    dry_run: Option<bool>,
}

/// Takes a spreadsheet as CSV in UTF-8, with commas or semicolons between the cells. Its first row names the columns: typed
/// fields, `custom.NAME`, and `id`, `device_identifier` and `version`. A row with an `id` changes that device, in the columns that
/// there are: an empty cell takes back what was typed. A row without one makes a device. Where there is a `version`, the device
/// must have it. Tags have commas between them. Numbers have a decimal point where commas stand between the cells, and a decimal
/// comma where semicolons do; one that can be read in two ways (`"1,234"` between commas) does not fit. If one row does not fit, nothing is done. It may have 64 MiB, and 2,000,000 cells.
///
/// # Errors
/// 413 for more than 64 MiB, 415 for another type, 422 for rows that do not fit (`row 7.price`), 503 when the database is away.
#[utoipa::path(
    post,
    path = "/api/devices/import",
    tag = "devices",
    operation_id = "import_devices",
    params(ImportParams),
    request_body(content = String, content_type = "text/csv", example = "id,name,tags\n,attic NAS,\"nas, old\"\n"),
    responses((status = 200, description = "What was done, or would be", body = Imported)),
)]
pub async fn import(
    State(state): State<AppState>,
    author: Author,
    Query(ImportParams { dry_run }): Query<ImportParams>,
    CsvBytes { bytes, place: _place }: CsvBytes,
) -> Result<Json<Imported>, AppError> {
    let rows = spreadsheet::read(&bytes).map_err(AppError::invalid)?;
    drop(bytes);
    Ok(Json(state.store.import_devices(rows, dry_run.unwrap_or(false), author).await??))
}
