//! The extractor for a spreadsheet.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::collect::{Bounds, collect_if};
use crate::app::AppState;
use crate::error::AppError;

/// The decompressed bytes of a body of type CSV, at most [`super::CSV_LIMIT_BYTES`].
#[derive(Debug)]
pub struct CsvBytes {
    /// The bytes.
    pub bytes: Bytes,
    /// For as long as this is held, few others come in.
    pub place: SemaphorePermit<'static>,
}

/// So many are in memory at a time.
static PLACES: Semaphore = Semaphore::const_new(2);

impl FromRequest<AppState> for CsvBytes {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        const DETAIL: &str =
            "The body must be a spreadsheet as CSV, with the header `Content-Type: text/csv`.";
        let busy = |_| AppError::unavailable("Other spreadsheets are being imported; try again in a moment.");
        let place = PLACES.try_acquire().map_err(busy)?;
        let fits = |kind: &str| kind == "text/csv";
        let bytes = collect_if(request, state, Bounds::spreadsheet(), fits, DETAIL).await?;
        Ok(Self { bytes, place })
    }
}
