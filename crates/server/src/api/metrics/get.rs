//! GET /api/metrics/{metric}: the newest figure of every machine, the best first.

use axum::Json;
use axum::extract::State;
use report::{Direction, MetricId};
use serde::Serialize;
use utoipa::ToSchema;

use super::metric_id;
use crate::api::list::{Asked, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::domain::metric::NewestValue;
use crate::error::AppError;
use crate::extract::{NoParams, Path};

/// The newest figures of one metric.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewestValues {
    /// Which metric.
    metric: MetricId,
    /// Unit of the figures, where the catalogue knows it.
    unit: Option<&'static str>,
    /// Which way is better, where the catalogue knows it; else the largest comes first.
    direction: Option<Direction>,
    #[serde(flatten)]
    list: ListAnswer<NewestValue>,
}

/// A part of the list: of each machine the newest figure that is neither invalid nor excluded.
///
/// # Errors
/// 422 for what is no id of a metric and for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/metrics/{metric}",
    tag = "benchmarks",
    operation_id = "list_newest_values",
    params(("metric" = MetricId, Path, description = "Id of the metric", example = "disk.read_mb_s"), ListParams),
    responses((status = 200, description = "As asked for", body = NewestValues)),
)]
pub async fn get(
    State(state): State<AppState>,
    Path(metric): Path<String>,
    Asked { paging, filters: NoParams {} }: Asked,
) -> Result<Json<NewestValues>, AppError> {
    let metric = metric_id(&metric)?;
    let part = state.store.newest_values(&metric, &paging).await?;
    let Json(list) = answer(&paging, part);
    let definition = metric.definition();
    let (unit, direction) = (definition.map(|known| known.unit), definition.map(|known| known.direction));
    Ok(Json(NewestValues { metric, unit, direction, list }))
}
