//! The extractors for a JSON document: its decompressed bytes, not yet parsed, or what it says.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::collect::{Bounds, collect_if};
use crate::app::AppState;
use crate::error::AppError;

/// The decompressed bytes of a body of type JSON, at most [`super::LIMIT_BYTES`].
#[derive(Clone, Debug)]
pub struct JsonBytes(pub Bytes);

impl FromRequest<AppState> for JsonBytes {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        const DETAIL: &str = "The body must be JSON, with the header `Content-Type: application/json`.";
        collect_if(request, state, Bounds::document(), is_json, DETAIL).await.map(Self)
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

fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}
