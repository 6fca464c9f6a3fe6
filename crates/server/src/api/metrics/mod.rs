//! Figures by metric.

mod get;
mod list;

pub use get::{__path_get, get};
pub use list::{__path_list, list};

use report::MetricId;

use crate::error::AppError;

/// The metric of an address.
pub(super) fn metric_id(text: &str) -> Result<MetricId, AppError> {
    MetricId::new(text).map_err(|message| AppError::misfit("metric", message))
}
