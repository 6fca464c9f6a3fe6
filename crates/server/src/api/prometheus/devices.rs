//! GET /metrics/devices: scores and the last benchmark of every device.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};

use super::HEAD;
use crate::app::AppState;
use crate::domain::gauges::Family;
use crate::error::AppError;
use crate::store::{Store, StoreError};

/// Devices that are read at a time.
const PART: u32 = 500;

/// How far the text has got.
struct Progress {
    store: Store,
    /// Those that are still to come; the first is being told.
    families: &'static [Family],
    /// Devices up to this id are told.
    above: i64,
}

/// The text, in parts: however many devices there are, few are in memory.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/metrics/devices",
    tag = "devices",
    operation_id = "get_device_metrics",
    responses((status = 200, description = "For Prometheus", body = String, content_type = "text/plain")),
)]
pub async fn devices(State(state): State<AppState>) -> Result<Response, AppError> {
    let progress = Progress { store: state.store, families: &Family::ALL, above: 0 };
    // What fails before the answer begins is answered as a failure.
    let Some((first, progress)) = progress.part().await? else { return Ok(HEAD.into_response()) };
    let rest = stream::try_unfold(progress, Progress::part);
    let parts = stream::once(async { Ok(first) }).chain(rest);
    Ok((HEAD, Body::from_stream(parts)).into_response())
}

impl Progress {
    /// The next part; none at the end.
    async fn part(self) -> Result<Option<(Bytes, Self)>, StoreError> {
        let Self { store, families, above } = self;
        let [family, later @ ..] = families else { return Ok(None) };
        let devices = store.device_gauges(above, PART).await?;
        let mut text = if above == 0 { family.head() } else { String::new() };
        for device in &devices {
            family.write(device, &mut text).expect("text grows");
        }
        let progress = match devices.last() {
            Some(last) if devices.len() == PART as usize => Self { store, families, above: last.id },
            _ => Self { store, families: later, above: 0 },
        };
        Ok(Some((text.into(), progress)))
    }
}
