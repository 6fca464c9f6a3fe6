//! The extractor for a spreadsheet.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use bytes::Bytes;

use super::collect::{Patience, collect};
use super::decode::Encoding;
use crate::app::AppState;
use crate::error::AppError;

/// The decompressed bytes of a body of type CSV, at most [`super::LIMIT_BYTES`].
#[derive(Clone, Debug)]
pub struct CsvBytes(pub Bytes);

impl FromRequest<AppState> for CsvBytes {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("text/csv") {
            let detail = "The body must be a spreadsheet as CSV, with the header `Content-Type: text/csv`.";
            return Err(AppError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let encoding = Encoding::of(&parts.headers)?;
        collect(body, encoding, Patience::default(), &state.stopping).await.map(Self)
    }
}
