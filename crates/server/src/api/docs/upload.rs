//! POST /api/devices/{id}/docs: a file comes in.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

use super::form::{self, Form};
use crate::api::devices::no_such_device;
use crate::app::AppState;
use crate::body::unless_stopping;
use crate::documents::Kept;
use crate::domain::change::Author;
use crate::domain::document::{Document, DocumentKind, DocumentScope, NewDocument};
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};

/// When the server stops, the rest of a file gets this long.
const STOPPING: Duration = Duration::from_secs(1);

/// The form.
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the names and meanings are what counts: the form is read as it comes")]
pub(super) struct DocumentForm {
    /// The file, at most MAX_UPLOAD_MB. Its type is found out from its content.
    #[schema(value_type = String, format = Binary, min_length = 1)]
    file: Vec<u8>,
    /// What it is for; `other` where absent.
    #[schema(nullable = false)]
    kind: Option<DocumentKind>,
    /// `model` shows it on every device of the same hardware model; `device` where absent.
    #[schema(nullable = false)]
    scope: Option<DocumentScope>,
    /// What it is called; the file's name where absent.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
        nullable = false
    )]
    title: Option<String>,
}

/// Takes a form with one file.
///
/// # Errors
/// 404 if there is no such device, 413 if the file is too large, 415 if this is no form, 422 for fields that do not fit, 503
/// when the database or the place for documents is away or full.
#[utoipa::path(
    post,
    path = "/api/devices/{id}/docs",
    tag = "documents",
    operation_id = "upload_document",
    params(("id" = i64, Path, description = "Id of the device")),
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Added; `Location` says where it is", body = Document)),
)]
pub async fn upload(
    State(state): State<AppState>,
    author: Author,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Document>), AppError> {
    let boundary = form::boundary(request.headers())?;
    // Before a hundred megabytes come in vain.
    if !state.store.has_device(id).await? {
        return Err(no_such_device());
    }
    let reading = form::read(request.into_body(), boundary, &state.documents, state.config.max_upload_bytes);
    let form = unless_stopping(reading, STOPPING, &state.stopping).await?;
    let Form { file, file_name, fields } = form;
    let new = NewDocument {
        device_id: id,
        scope: fields.scope.unwrap_or_default(),
        kind: fields.kind.unwrap_or_default(),
        title: fields.title.or_else(|| file_name.title()),
        file_name,
        content: file.content.clone(),
    };
    match state.documents.keep(&state.store, file, new, author).await? {
        Kept::Document(document) => {
            let place = [(header::LOCATION, format!("/api/docs/{}", document.id))];
            Ok((StatusCode::CREATED, place, Json(*document)))
        }
        Kept::NoDevice => Err(no_such_device()),
        Kept::NoModel => {
            Err(AppError::misfit("scope", "the hardware model of this device is not known, expected device"))
        }
    }
}
