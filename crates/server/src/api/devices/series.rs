//! GET /api/devices/{id}/metrics/{metric}: one metric of one machine over time.

use axum::Json;
use axum::extract::State;
use report::{Direction, MetricId};
use serde::Serialize;
use utoipa::ToSchema;

use super::no_such_device;
use crate::api::list::{Asked, Filters, ListAnswer, ListParams, answer};
use crate::api::metrics::metric_id;
use crate::app::AppState;
use crate::domain::benchmark_query::backwards;
use crate::domain::metric::{Point, SeriesQuery};
use crate::error::AppError;
use crate::extract::Path;

/// A part of the series of one metric.
#[derive(Debug, Serialize, ToSchema)]
pub struct Series {
    /// Which metric.
    metric: MetricId,
    /// Unit of the figures, where the catalogue knows it.
    unit: Option<&'static str>,
    /// Which way is better, where the catalogue knows it.
    direction: Option<Direction>,
    /// What else there is a series of, such as other disk paths: ask for one with `variant`.
    variants: Vec<String>,
    #[serde(flatten)]
    list: ListAnswer<Point>,
}

impl Filters for SeriesQuery {}

/// A part of the series, oldest first, whatever the verdict; excluded benchmarks say so.
///
/// # Errors
/// 404 if there is no such device, 422 for what is no id of a metric and for parameters that do not fit, 503 when the database
/// is away.
#[utoipa::path(
    get,
    path = "/api/devices/{id}/metrics/{metric}",
    tag = "devices",
    operation_id = "get_series_of_device",
    params(
        ("id" = i64, Path, description = "Id of the device"),
        ("metric" = MetricId, Path, description = "Id of the metric", example = "disk.read_mb_s"),
        SeriesQuery,
        ListParams,
    ),
    responses((status = 200, description = "As asked for", body = Series)),
)]
pub async fn series(
    State(state): State<AppState>,
    Path((id, metric)): Path<(i64, String)>,
    Asked { paging, filters }: Asked<SeriesQuery>,
) -> Result<Json<Series>, AppError> {
    let metric = metric_id(&metric)?;
    if let Some(error) = backwards(filters.from, filters.to) {
        return Err(AppError::invalid(vec![error]));
    }
    let found = state.store.series(id, &metric, &filters, &paging).await?;
    let (variants, part) = found.ok_or_else(no_such_device)?;
    let Json(list) = answer(&paging, part);
    let definition = metric.definition();
    let (unit, direction) = (definition.map(|known| known.unit), definition.map(|known| known.direction));
    Ok(Json(Series { metric, unit, direction, variants, list }))
}
