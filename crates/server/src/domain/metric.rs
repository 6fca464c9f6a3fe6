//! Metrics as the API serves them.

use report::measurement::Verdict;
use report::{Component, Direction, MetricId, Preset, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A metric that machines have figures of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Metric {
    /// Its id.
    pub id: MetricId,
    /// Unit of the figures, where the catalogue knows it.
    pub unit: Option<&'static str>,
    /// Which way is better, where the catalogue knows it.
    pub direction: Option<Direction>,
    /// Part of the score that it belongs to.
    pub component: Option<Component>,
    /// Machines whose newest measurement has it.
    pub devices: u64,
}

impl Metric {
    /// With what the catalogue says of it.
    pub fn new(id: MetricId, devices: u64) -> Self {
        let definition = id.definition();
        Self {
            unit: definition.map(|definition| definition.unit),
            direction: definition.map(|definition| definition.direction),
            component: id.component(),
            id,
            devices,
        }
    }
}

/// Which figures of a machine are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// Measured then or later, by `effective_at`.
    pub from: Option<Timestamp>,
    /// Measured earlier.
    pub to: Option<Timestamp>,
    /// One of `variants`, such as another disk path; absent, the figures that count.
    pub variant: Option<String>,
}

/// One figure of a machine's series.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Point {
    /// The benchmark.
    pub benchmark_id: i64,
    /// When that was measured.
    pub effective_at: Timestamp,
    /// How long it could take.
    pub preset: Option<Preset>,
    /// A person took the benchmark out of what counts.
    pub excluded: bool,
    /// The figure.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// May it be trusted?
    pub verdict: Verdict,
    /// Version of the test.
    pub test_version: Option<u64>,
    /// Unit of the figure, as it was sent.
    pub unit: Option<String>,
}

/// The newest figure of a machine that counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewestValue {
    /// Whose it is.
    pub device_id: i64,
    /// What that is called.
    pub device_name: String,
    /// The figure, and where it comes from.
    #[serde(flatten)]
    pub point: Point,
}
