//! The extractors for a JSON document: its decompressed bytes, not yet parsed, or what it says.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::collect::{Patience, collect};
use super::decode::Encoding;
use crate::app::AppState;
use crate::error::AppError;

/// The decompressed bytes of a body of type JSON, at most [`super::LIMIT_BYTES`].
#[derive(Clone, Debug)]
pub struct JsonBytes(pub Bytes);

impl FromRequest<AppState> for JsonBytes {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (parts, body) = request.into_parts();
        require_json(&parts.headers)?;
        let encoding = Encoding::of(&parts.headers)?;
        collect(body, encoding, Patience::default(), &state.stopping).await.map(Self)
    }
}

/// A small JSON document: 400 where it is not JSON, 422 with the path of the first field that does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, state).await?;
        Ok(Self(report::read(&bytes)?))
    }
}

/// For fields of a change, together with `#[serde(default)]`: `None` where the field is absent, `Some(None)` where it is null.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn require_json(headers: &HeaderMap) -> Result<(), AppError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let detail = "The body must be JSON, with the header `Content-Type: application/json`.";
    Err(AppError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail))
}
