//! A benchmark as the API serves it.

use std::collections::BTreeMap;

use report::hardware::Hardware;
use report::measurement::{Measurement, Params, Verdict};
use report::missing::Missing;
use report::series::{MetricValue, variants};
use report::text::Prose;
use report::verdict::{Judged, judge};
use report::{Component, Direction, MetricId, Preset, Report, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::standing::{ComponentResult, StoredReason};

/// One line of a device's history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Benchmark {
    /// Its id, never used twice.
    pub id: i64,
    /// The client's `report_id`, or `sha256:…` of the report where it had none.
    pub report_id: String,
    /// Whose it is.
    pub device_id: i64,
    /// What that is called.
    pub device_name: String,
    /// The hardware as it was.
    pub snapshot_id: i64,
    /// When it was measured, with the client's clock corrected.
    pub effective_at: Timestamp,
    /// When the report arrived.
    pub received_at: Timestamp,
    /// When the client began, by its own clock.
    pub started_at: Option<Timestamp>,
    /// When the client finished, by its own clock.
    pub finished_at: Option<Timestamp>,
    /// How long it could take.
    pub preset: Option<Preset>,
    /// Version of the client.
    pub bench_script_version: Option<String>,
    /// Short free text.
    pub label: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// A person took it out of what counts: it is in the history, and nowhere else.
    pub excluded: bool,
    /// Why.
    pub excluded_reason: Option<String>,
    /// Scale of the scores.
    pub score_basis: String,
    /// All components together.
    pub global_score: Option<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// Share of the weight that was measured, 0 to 1.
    pub coverage: f64,
    /// Its verdict.
    pub verdict: Verdict,
    /// How each component came out.
    pub components: BTreeMap<Component, ComponentScore>,
    /// What is worth knowing.
    pub notes: Vec<StoredReason>,
}

/// How one component came out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentScore {
    /// Its score, if it counts.
    pub score: Option<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// Its verdict.
    pub verdict: Verdict,
    /// What speaks against it, or is worth knowing, worst first.
    pub reasons: Vec<StoredReason>,
}

impl From<ComponentResult> for ComponentScore {
    fn from(result: ComponentResult) -> Self {
        let ComponentResult { score, low: ci_low, high: ci_high, verdict, reasons } = result;
        Self { score, ci_low, ci_high, verdict, reasons }
    }
}

/// A benchmark with everything in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FullBenchmark {
    /// What lists show.
    #[serde(flatten)]
    pub benchmark: Benchmark,
    /// Every figure.
    pub measurements: Vec<ServedMeasurement>,
    /// What could not be read or run.
    pub missing: Vec<Missing>,
    /// Conditions of measurement.
    pub environment: Option<serde_json::Value>,
    /// The hardware at that moment: the snapshot's facts, and this benchmark's readings.
    pub hardware: Hardware,
}

/// One figure of a benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ServedMeasurement {
    /// Which metric.
    pub metric: MetricId,
    /// The disk path, where that is not the first.
    pub variant: Option<String>,
    /// Unit of the numbers.
    pub unit: Option<String>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// The median of the samples; `None`: no figure.
    pub value: Option<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// Median absolute deviation of the samples.
    pub spread: Option<f64>,
    /// Every sample, in time order; empty for summaries.
    pub samples: Vec<f64>,
    /// How it was measured.
    pub params: Option<Params>,
    /// Version of the test.
    pub test_version: Option<u64>,
    /// May it be trusted?
    pub verdict: Verdict,
    /// Why not, and what is worth knowing.
    pub reasons: Vec<StoredReason>,
    /// Free text.
    pub note: Option<String>,
}

/// Every figure: the report's measurements in their order, with samples and reasons; then those of its summary
/// that no measurement has.
pub fn measurements(report: Report, figures: Vec<MetricValue>) -> Vec<ServedMeasurement> {
    let key = |metric: &MetricId, variant: &str| (metric.as_str().to_owned(), variant.to_owned());
    let mut stored: BTreeMap<(String, String), MetricValue> =
        figures.into_iter().map(|figure| (key(&figure.metric, &figure.variant), figure)).collect();
    let judgement = judge(&report);
    let variants: Vec<String> = variants(&report).map(str::to_owned).collect();
    let judged = report.measurements.into_vec().into_iter().zip(judgement.measurements);
    let mut served: Vec<ServedMeasurement> = Vec::with_capacity(variants.len());
    for ((measurement, judged), variant) in judged.zip(&variants) {
        // The verdict that the scores were made with.
        let verdict = stored.remove(&key(&measurement.metric, variant)).map(|figure| figure.verdict);
        served.push(measured(measurement, variant, &judged, verdict));
    }
    served.extend(stored.into_values().map(summarised));
    served
}

fn measured(
    measurement: Measurement,
    variant: &str,
    judged: &Judged,
    stored: Option<Verdict>,
) -> ServedMeasurement {
    let Measurement {
        metric,
        unit,
        direction,
        value,
        samples,
        spread,
        ci_low,
        ci_high,
        params,
        test_version,
        verdict: _,
        reasons: _,
        note,
    } = measurement;
    let definition = metric.definition();
    ServedMeasurement {
        variant: given(variant),
        unit: unit.map_or_else(|| Some(definition?.unit.to_owned()), |unit| Some(unit.into_string())),
        direction: direction.or_else(|| Some(definition?.direction)),
        value: value.map(|value| value.get()),
        ci_low: ci_low.map(|low| low.get()),
        ci_high: ci_high.map(|high| high.get()),
        spread: spread.map(|spread| spread.get()),
        samples: samples.unwrap_or_default().iter().map(|sample| sample.get()).collect(),
        params,
        test_version: test_version.map(|version| version.get()),
        verdict: stored.unwrap_or(judged.verdict),
        reasons: judged.reasons.iter().map(StoredReason::from).collect(),
        note: note.map(Prose::into_string),
        metric,
    }
}

fn summarised(figure: MetricValue) -> ServedMeasurement {
    let MetricValue { metric, variant, unit, value, low, high, spread, verdict, test_version } = figure;
    ServedMeasurement {
        variant: given(&variant),
        unit,
        direction: metric.definition().map(|definition| definition.direction),
        metric,
        value: Some(value),
        ci_low: low,
        ci_high: high,
        spread,
        samples: Vec::new(),
        params: None,
        test_version,
        verdict,
        reasons: Vec::new(),
        note: None,
    }
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
