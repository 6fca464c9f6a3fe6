//! GET /api/docs/{id}/thumbnail: a small image of a document that is one.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::range::Wanted;
use super::seen;
use crate::api::octets::Octets;
use crate::app::AppState;
use crate::auth::Sight;
use crate::documents::SIZES;
use crate::domain::media_type::is_drawable;
use crate::error::AppError;
use crate::extract::{Path, Query};

/// How large.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Size {
    /// Longest side, pixels: 256 or 1024.
    #[param(schema_with = sizes)]
    size: Option<u32>,
}

/// For the description.
fn sizes() -> Object {
    let integer = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some(SIZES));
    integer.default(Some(SIZES[0].into())).build()
}

/// The image with its aspect, turned as it was taken, and without any metadata: PNG where something shines through, else JPEG.
///
/// # Errors
/// 404 if there is no such document, or it is no image; 422 if the image cannot be drawn, or for another size; 503 when the
/// database or the place for documents is away.
#[utoipa::path(
    get,
    path = "/api/docs/{id}/thumbnail",
    tag = "documents",
    operation_id = "get_thumbnail",
    params(("id" = i64, Path, description = "Id of the document"), Size),
    responses(
        (
            status = 200,
            description = "The small image",
            content(
                (Octets = "image/jpeg"),
                (Octets = "image/png"),
            ),
        ),
        (status = 304, description = "The client has it already"),
    ),
)]
pub async fn thumbnail(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Path(id): Path<i64>,
    Query(Size { size }): Query<Size>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let size = size.unwrap_or(SIZES[0]);
    if !SIZES.contains(&size) {
        let message = format!("expected {} or {}", SIZES[0], SIZES[1]);
        return Err(AppError::misfit("size", message));
    }
    let found = seen(&state, sight, id).await?;
    let document = &found.document;
    if !is_drawable(&document.media_type) {
        return Err(AppError::not_found("There are small images of PNG, JPEG, WebP and GIF only."));
    }
    let etag = format!("\"{}-{size}\"", document.sha256);
    let caching = |media_type: &str| {
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::ETAG, etag.clone()),
            (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        ]
    };
    if Wanted::of(&headers, &etag, u64::MAX)? == Wanted::Nothing {
        return Ok((StatusCode::NOT_MODIFIED, caching("image/jpeg")).into_response());
    }
    let content = (document.sha256.as_str(), found.tag.as_str());
    let drawn = state.documents.smaller(content, document.size_bytes, size).await?;
    Ok((caching(drawn.media_type), drawn.bytes).into_response())
}
