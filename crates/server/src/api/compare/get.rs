//! GET /api/compare: devices or benchmarks side by side.

use axum::extract::State;
use axum::{Extension, Json};
use report::FieldError;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::comparison::{Comparison, Subject};
use crate::domain::snapshot::SnapshotDiff;
use crate::edge::Refusal;
use crate::error::AppError;
use crate::extract::Query;

/// More does not fit on a page.
const MOST: usize = 12;

/// What is compared: one of both.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareParams {
    /// Ids of two to twelve devices, with commas between; each is compared by its standing.
    #[param(example = "1,2", pattern = r"^[0-9]+(,[0-9]+){1,11}$")]
    devices: Option<String>,
    /// Ids of two to twelve benchmarks, with commas between.
    #[param(pattern = r"^[0-9]+(,[0-9]+){1,11}$")]
    benchmarks: Option<String>,
}

/// Each beside the first: `relation` is `faster`, `slower`, `no_difference` or `not_comparable`, and `sentence` says the same
/// in English. Figures that are suspect are shown, and not compared. Hardware is compared with that of the first of which it is
/// known; `without_hardware` names those of which it is not.
///
/// # Errors
/// 404 if one of them is not there, 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/compare",
    tag = "benchmarks",
    operation_id = "compare",
    params(CompareParams),
    responses(
        (status = 200, description = "As asked for", body = Comparison),
        (status = 404, response = Refusal),
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Query(params): Query<CompareParams>,
) -> Result<Json<Comparison>, AppError> {
    let (of_devices, ids) = params.ids().map_err(|error| AppError::invalid(vec![error]))?;
    let mut subjects = Vec::with_capacity(ids.len());
    for id in ids {
        subjects.push(if of_devices { device(&state, id).await? } else { benchmark(&state, id).await? });
    }
    let snapshots: Vec<i64> = subjects.iter().filter_map(Subject::snapshot_id).collect();
    let hardware = hardware(&state, &snapshots, sight == Sight::Public).await?;
    Ok(Json(Comparison::of(&subjects, hardware)))
}

async fn benchmark(state: &AppState, id: i64) -> Result<Subject, AppError> {
    let found = state.store.benchmark(id).await?;
    let missing = || AppError::not_found(format!("There is no benchmark with the id {id}."));
    found.map(Subject::of_benchmark).ok_or_else(missing)
}

async fn device(state: &AppState, id: i64) -> Result<Subject, AppError> {
    let found = state.store.device(id).await?;
    let device = found.ok_or_else(|| AppError::not_found(format!("There is no device with the id {id}.")))?;
    let mut ids: Vec<i64> = device.standing.components.values().map(|one| one.benchmark_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut benchmarks = Vec::with_capacity(ids.len());
    for id in ids {
        // One that was deleted a moment ago speaks for nothing any more.
        benchmarks.extend(state.store.benchmark(id).await?);
    }
    let snapshot = device.last_snapshot.map(|snapshot| snapshot.id);
    Ok(Subject::of_device((device.id, device.name), &device.standing, snapshot, benchmarks))
}

async fn hardware(state: &AppState, snapshots: &[i64], public: bool) -> Result<Vec<SnapshotDiff>, AppError> {
    let mut differences = Vec::new();
    let [first, others @ ..] = snapshots else { return Ok(differences) };
    for other in others {
        let Some(seen) = state.store.snapshot_facts(&[*first, *other]).await? else { continue };
        if let [before, after] = seen.as_slice() {
            differences.push(SnapshotDiff::of(before, after, public).map_err(AppError::internal)?);
        }
    }
    Ok(differences)
}

impl CompareParams {
    /// Whether these are devices, and which.
    fn ids(&self) -> Result<(bool, Vec<i64>), FieldError> {
        let refuse = |path: &str, message: String| Err(FieldError::new(path, message));
        let (path, text) = match (&self.devices, &self.benchmarks) {
            (Some(_), Some(_)) => {
                return refuse("benchmarks", "expected either devices or benchmarks".to_owned());
            }
            (Some(devices), None) => ("devices", devices),
            (None, Some(benchmarks)) => ("benchmarks", benchmarks),
            (None, None) => {
                return refuse("devices", "missing, expected devices or benchmarks to compare".to_owned());
            }
        };
        let mut ids = Vec::new();
        for part in text.split(',').map(str::trim) {
            match part.parse::<i64>() {
                Ok(id) if ids.contains(&id) => {
                    return refuse(path, format!("{id} is given more than once, expected once"));
                }
                Ok(id) => ids.push(id),
                Err(_) => {
                    return refuse(path, format!("{part:?}, expected ids with commas between, such as 1,2"));
                }
            }
        }
        if (2..=MOST).contains(&ids.len()) {
            return Ok((path == "devices", ids));
        }
        refuse(path, format!("{} given, expected 2 to {MOST} ids", ids.len()))
    }
}
