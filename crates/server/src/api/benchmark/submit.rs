//! POST /api/benchmark: a report comes in, and is answered when it is durable.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use report::measurement::Verdict;
use report::{FieldError, Report, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::auth::Bearer;
use crate::body::JsonBytes;
use crate::clock;
use crate::domain::submission::{Arrival, submission};
use crate::edge::{BaseUrl, Refusal};
use crate::error::AppError;
use crate::store::{SubmitError, Submitted};
use crate::web::device_link;

/// What the agent is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    status: &'static str,
    report_id: String,
    device_id: i64,
    snapshot_id: i64,
    benchmark_id: i64,
    global_score: Option<f64>,
    coverage: f64,
    verdict: Verdict,
    url: String,
}

/// Stores a report.
///
/// # Errors
/// 400 and 422 for what is not a report, 403 for one of a device that the token is not for, 409 and 410 for one that cannot be stored again, 503 when the database is away.
#[utoipa::path(
    post,
    path = "/api/benchmark",
    tag = "reports",
    operation_id = "submit_report",
    params(
        (
            "X-Sent-At" = Option<Timestamp>,
            Header,
            description = "The client's clock when it sends, by which its times are corrected; 422 if it is no time",
        ),
    ),
    request_body(content = Report, content_type = "application/json"),
    responses(
        (status = 200, description = "Stored, and durable", body = Answer),
        (status = 409, response = Refusal),
        (status = 410, response = Refusal),
    ),
)]
pub async fn submit(
    State(state): State<AppState>,
    bearer: Bearer,
    base: BaseUrl,
    headers: HeaderMap,
    JsonBytes(body): JsonBytes,
) -> Result<Json<Answer>, AppError> {
    let arrival = Arrival { received_at: clock::now(), sent_at: sent_at(&headers)? };
    let report = report::parse(&body)?;
    let mut submission =
        submission(&report, &body, arrival, state.fleet_key.bytes()).map_err(AppError::internal)?;
    submission.only_device = bearer.device.clone();
    let refused = |error| match (error, &bearer.device) {
        (SubmitError::OtherDevice, Some(device)) => other_device(device, &report),
        (error, _) => refused(error),
    };
    let submitted = state.store.submit(submission).await.map_err(refused)?;
    state.telemetry.took_report(submitted.verdict);
    Ok(Json(answer(submitted, &base)))
}

/// A token for one device sends no reports of another, whatever name they bear; which one that is, it is not told. The agent
/// keeps what is answered with 403.
fn other_device(device: &str, report: &Report) -> AppError {
    let detail =
        format!("This token sends reports of the device {device:?} only, and this one is another's.");
    let error = if device == report.device().as_str() {
        FieldError::new("identity", format!("expected the keys of {device:?}"))
    } else {
        FieldError::new("device_identifier", format!("expected {device:?}"))
    };
    AppError::new(StatusCode::FORBIDDEN, "token_device", detail).with_errors(vec![error])
}

fn answer(submitted: Submitted, base: &BaseUrl) -> Answer {
    let Submitted {
        report_id,
        device_id,
        device_name,
        snapshot_id,
        benchmark_id,
        global_score,
        coverage,
        verdict,
    } = submitted;
    let url = base.join(&device_link(device_id, &device_name));
    Answer {
        status: "ok",
        report_id,
        device_id,
        snapshot_id,
        benchmark_id,
        global_score,
        coverage,
        verdict,
        url,
    }
}

/// A time that cannot be read would leave a wrong clock uncorrected without a word.
fn sent_at(headers: &HeaderMap) -> Result<Option<Timestamp>, AppError> {
    const NAME: &str = "X-Sent-At";
    let mut values = headers.get_all(NAME).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(AppError::misfit(NAME, "given more than once, expected once"));
    }
    let text = String::from_utf8_lossy(value.as_bytes());
    let misfit = || AppError::misfit(NAME, format!("{text:?}, expected {}", Timestamp::EXPECTED));
    Timestamp::parse(&text).map(Some).ok_or_else(misfit)
}

fn refused(error: SubmitError) -> AppError {
    match error {
        SubmitError::Conflict => AppError::new(
            StatusCode::CONFLICT,
            "report_id_conflict",
            "Another report was stored under this report_id; every report needs an id of its own.",
        ),
        SubmitError::Gone => {
            AppError::new(StatusCode::GONE, "deleted", "The benchmark of this report was deleted.")
        }
        SubmitError::OtherDevice => AppError::internal("a token for any device was refused one"),
        SubmitError::Store(error) => error.into(),
    }
}
