//! The figures of a report that become series: one row each, so that a metric has a history.

use std::collections::HashSet;

use crate::measurement::{Measurement, Verdict};
use crate::metric::{Component, MetricId};
use crate::report::Report;
use crate::results::{CpuResults, DiskResults, Figure, GpuResults, MemoryResults, NetworkResults, Results};
use crate::score::Basis;
use crate::verdict::{Judgement, disk_path, first_disk_path, on_disk_path};

/// One figure, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// Which metric.
    pub metric: MetricId,
    /// Empty, or the disk path where that is not the first. Unique together with `metric`.
    pub variant: String,
    /// Unit of the numbers.
    pub unit: Option<String>,
    /// The value.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// Median absolute deviation of the samples.
    pub spread: Option<f64>,
    /// May it be trusted?
    pub verdict: Verdict,
    /// Version of the test that yielded it.
    pub test_version: Option<u64>,
}

/// Every figure of the report: its measurements first, then those of `results` that no measurement has, under
/// `<component>.<field>`. Component scores of the client are a series only where the client is the basis.
pub fn series(report: &Report, judgement: &Judgement) -> Vec<MetricValue> {
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    let judged = report.measurements.iter().zip(&judgement.measurements);
    for ((measurement, judged), variant) in judged.zip(variants(report)) {
        if let Some(row) = measured(measurement, variant, judged.verdict)
            && seen.insert((measurement.metric.as_str(), variant))
        {
            rows.push(row);
        }
    }
    let measured: HashSet<&str> = seen.into_iter().map(|(metric, _)| metric).collect();
    let client = Basis::of(report) == Basis::Client;
    let summary = summary(&report.results).into_iter();
    rows.extend(summary.filter(|row| {
        !measured.contains(row.metric.as_str()) && (client || !row.metric.as_str().ends_with(".score"))
    }));
    rows
}

/// The variant of each of the report's measurements, in their order: see [`MetricValue::variant`].
pub fn variants(report: &Report) -> impl Iterator<Item = &str> {
    let first_path = first_disk_path(&report.measurements);
    report.measurements.iter().map(move |measurement| {
        let disk = measurement.metric.component() == Some(Component::Disk);
        if !disk || on_disk_path(measurement, first_path) { "" } else { disk_path(measurement) }
    })
}

fn measured(measurement: &Measurement, variant: &str, verdict: Verdict) -> Option<MetricValue> {
    let declared = measurement.unit.as_ref().map(|unit| unit.to_string());
    Some(MetricValue {
        metric: measurement.metric.clone(),
        variant: variant.to_owned(),
        unit: declared.or_else(|| Some(measurement.metric.definition()?.unit.to_owned())),
        value: measurement.value?.get(),
        low: measurement.ci_low.map(|low| low.get()),
        high: measurement.ci_high.map(|high| high.get()),
        spread: measurement.spread.map(|spread| spread.get()),
        verdict,
        test_version: measurement.test_version.map(|version| version.get()),
    })
}

/// Names every field of a section as `<component>.<field>`.
macro_rules! fields {
    ($rows:ident, $component:literal, $section:expr, $type:ident { $($field:ident),* }) => {
        if let Some($type { $($field,)* .. }) = $section {
            $(add(&mut $rows, concat!($component, ".", stringify!($field)), $field.map(|figure| figure.get()));)*
        }
    };
}

fn summary(results: &Results) -> Vec<MetricValue> {
    let Results { cpu, memory, disk, network, gpu, global_score: _ } = results;
    let mut rows = Vec::new();
    fields!(
        rows,
        "cpu",
        cpu,
        CpuResults {
            score,
            score_single,
            score_multi,
            events_per_sec_single,
            events_per_sec_multi,
            events_per_sec
        }
    );
    fields!(rows, "memory", memory, MemoryResults { score, throughput_mib_s, latency_ns });
    fields!(
        rows,
        "disk",
        disk,
        DiskResults { score, read_mb_s, write_mb_s, iops_read, iops_write, latency_ms }
    );
    fields!(
        rows,
        "network",
        network,
        NetworkResults { score, upload_mbps, download_mbps, ping_ms, jitter_ms, packet_loss_percent }
    );
    fields!(rows, "gpu", gpu, GpuResults { score });
    for (field, figure) in gpu.iter().flat_map(|gpu| &gpu.figures) {
        if let Figure::Number(number) = figure {
            add(&mut rows, &format!("gpu.{field}"), Some(number.get()));
        }
    }
    rows
}

/// Figures of graphics whose field name cannot be a metric id are left out.
fn add(rows: &mut Vec<MetricValue>, id: &str, value: Option<f64>) {
    let (Ok(metric), Some(value)) = (MetricId::new(id), value) else { return };
    let unit = metric.definition().map(|definition| definition.unit.to_owned());
    rows.push(MetricValue {
        metric,
        variant: String::new(),
        unit,
        value,
        low: None,
        high: None,
        spread: None,
        verdict: Verdict::Valid,
        test_version: None,
    });
}
