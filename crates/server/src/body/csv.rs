//! The extractor for a spreadsheet.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;

use super::collect::collect_if;
use crate::app::AppState;
use crate::error::AppError;

/// The decompressed bytes of a body of type CSV, at most [`super::LIMIT_BYTES`].
#[derive(Clone, Debug)]
pub struct CsvBytes(pub Bytes);

impl FromRequest<AppState> for CsvBytes {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        const DETAIL: &str =
            "The body must be a spreadsheet as CSV, with the header `Content-Type: text/csv`.";
        collect_if(request, state, |kind| kind == "text/csv", DETAIL).await.map(Self)
    }
}
