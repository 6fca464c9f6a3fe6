//! GET /api/docs/{id}/download: the file.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::range::Wanted;
use super::seen;
use crate::api::octets::Octets;
use crate::app::AppState;
use crate::auth::Sight;
use crate::documents::PUBLIC_SIZE;
use crate::domain::document::disposition;
use crate::domain::media_type::{content_type, is_drawable, is_shown, may_hold_places};
use crate::edge::Refusal;
use crate::error::AppError;
use crate::extract::{NoParams, Path, Query};
use crate::store::StoredDocument;

/// All of it, or the part that `Range` names. A browser shows only what cannot run; all else it saves. The public gets images
/// drawn anew, without what else their files hold, such as the place where a photo was taken.
///
/// # Errors
/// 404 if there is none, 416 for a range behind its end, 503 when the database or the place for documents is away.
#[utoipa::path(
    get,
    path = "/api/docs/{id}/download",
    tag = "documents",
    operation_id = "download_document",
    params(
        ("id" = i64, Path, description = "Id of the document"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-None-Match" = Option<String>, Header, description = "`ETag` of an earlier answer"),
    ),
    responses(
        (status = 200, description = "The file", body = Octets, content_type = "*/*"),
        (status = 206, description = "A part of it", body = Octets, content_type = "*/*"),
        (status = 304, description = "The client has it already"),
        (status = 403, response = Refusal),
        (status = 416, response = Refusal),
    ),
)]
pub async fn download(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(NoParams {}): Query<NoParams>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let found = seen(&state, sight, id).await?;
    if sight == Sight::Public && may_hold_places(&found.document.media_type) {
        return public_image(&state, &found, &headers).await;
    }
    let document = &found.document;
    let etag = format!("\"{}\"", document.sha256);
    let wanted = Wanted::of(&headers, &etag, document.size_bytes)?;
    let head = head(&document.media_type, &document.file_name, etag);
    let (status, range) = match wanted {
        Wanted::Nothing => return Ok((StatusCode::NOT_MODIFIED, head).into_response()),
        Wanted::Whole => (StatusCode::OK, 0..document.size_bytes),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
    };
    let length = [(header::CONTENT_LENGTH, (range.end - range.start).to_string())];
    let mut answer = (status, head, length).into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        let place = format!("bytes {}-{}/{}", range.start, range.end - 1, document.size_bytes);
        answer.headers_mut().extend(place.parse().map(|place| (header::CONTENT_RANGE, place)));
    }
    *answer.body_mut() = state.documents.body(&document.sha256, &found.tag, range).await?;
    Ok(answer)
}

/// The image without its metadata; what we cannot draw stays with those who hold the token.
async fn public_image(
    state: &AppState,
    found: &StoredDocument,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let document = &found.document;
    if !is_drawable(&document.media_type) {
        let detail = "Files of this type may tell where they were taken: they need the server's token.";
        return Err(AppError::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    let etag = format!("\"{}-public\"", document.sha256);
    let content = (document.sha256.as_str(), found.tag.as_str());
    let drawn = state.documents.smaller(content, document.size_bytes, PUBLIC_SIZE).await?;
    let wanted = Wanted::of(headers, &etag, drawn.bytes.len() as u64)?;
    let head = head(drawn.media_type, &document.file_name, etag);
    if wanted == Wanted::Nothing {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    Ok((head, Body::from(drawn.bytes)).into_response())
}

/// What every answer with a file says of it.
pub(super) fn head(media_type: &str, file_name: &str, etag: String) -> [(HeaderName, String); 6] {
    let shown = is_shown(media_type);
    [
        (header::CONTENT_TYPE, content_type(media_type)),
        (header::CONTENT_DISPOSITION, disposition(shown, file_name)),
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy(media_type).to_owned()),
        // Asked again each time: who may see it can change. And as it is, with its length.
        (header::CACHE_CONTROL, "private, no-cache, no-transform".to_owned()),
    ]
}

/// Nothing in a file runs or loads anything. (Browsers show no PDF at all in a sandbox, and their viewers run none of its
/// scripts with the rights of this server.)
fn policy(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => {
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        }
        _ => "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    }
}
