//! What the server counts of its own work, for /metrics. Each server has its own counts: nothing here is global.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use report::measurement::Verdict;
use tokio_util::sync::CancellationToken;

use crate::store::Meter;

/// Upper ends of the classes of durations, seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Of batches, in reports: the writer takes 32 at most.
const REPORTS: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
/// Samples are sorted into classes so often, whether or not anybody asks.
const UPKEEP: Duration = Duration::from_secs(5);

const REQUESTS: &str = "benchtools_http_requests_total";
const DURATION: &str = "benchtools_http_request_duration_seconds";
const REPORTS_TAKEN: &str = "benchtools_reports_total";
const BATCH: &str = "benchtools_write_batch_reports";
const ERRORS: &str = "benchtools_store_errors_total";
const WAL: &str = "benchtools_wal_bytes";
const UPTIME: &str = "benchtools_uptime_seconds";
const BUILD: &str = "benchtools_build_info";

static METADATA: Metadata<'static> = Metadata::new("benchtools", Level::INFO, None);

/// The counts of this server.
#[derive(Debug)]
pub struct Telemetry {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Telemetry {
    /// Nothing counted yet.
    ///
    /// # Errors
    /// When the classes of a histogram make no sense.
    pub fn new() -> Result<Self, BuildError> {
        let builder = PrometheusBuilder::new()
            .set_buckets(&SECONDS)?
            .set_buckets_for_metric(Matcher::Full(BATCH.to_owned()), &REPORTS)?;
        let recorder = builder.build_recorder();
        describe(&recorder);
        let handle = recorder.handle();
        let telemetry = Self { recorder, handle };
        telemetry.gauge(BUILD, vec![Label::from_static_parts("version", env!("CARGO_PKG_VERSION"))]).set(1.0);
        Ok(telemetry)
    }

    /// Keeps what was counted small until the server stops.
    pub(crate) fn keep_up(&self, stopping: CancellationToken) {
        let handle = self.handle.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(UPKEEP);
            while stopping.run_until_cancelled(ticks.tick()).await.is_some() {
                handle.run_upkeep();
            }
        });
    }

    /// What the store counts.
    pub fn meter(&self) -> Meter {
        let errors = |class| self.counter(ERRORS, vec![Label::from_static_parts("class", class)]);
        Meter {
            batch: self.histogram(BATCH, Vec::new()),
            unavailable: errors("unavailable"),
            refused: errors("refused"),
            race: errors("race"),
        }
    }

    /// A request was answered. `route` is the pattern of its path, so that there are not as many lines as ids.
    pub(crate) fn answered(&self, method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
        let method = Label::new("method", known(method));
        let route = Label::new("route", route.unwrap_or("none").to_owned());
        self.histogram(DURATION, vec![method.clone(), route.clone()]).record(took.as_secs_f64());
        let status = Label::new("status", SharedString::from_owned(status.as_str().to_owned()));
        self.counter(REQUESTS, vec![method, route, status]).increment(1);
    }

    /// A report was taken.
    pub(crate) fn took_report(&self, verdict: Verdict) {
        self.counter(REPORTS_TAKEN, vec![Label::from_static_parts("verdict", verdict.as_str())]).increment(1);
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn render(&self, uptime: Duration, wal_bytes: Option<u64>) -> String {
        self.gauge(UPTIME, Vec::new()).set(uptime.as_secs_f64());
        if let Some(bytes) = wal_bytes {
            self.gauge(WAL, Vec::new()).set(bytes as f64);
        }
        self.handle.render()
    }

    fn counter(&self, name: &'static str, labels: Vec<Label>) -> Counter {
        self.recorder.register_counter(&Key::from_parts(name, labels), &METADATA)
    }

    fn gauge(&self, name: &'static str, labels: Vec<Label>) -> Gauge {
        self.recorder.register_gauge(&Key::from_parts(name, labels), &METADATA)
    }

    fn histogram(&self, name: &'static str, labels: Vec<Label>) -> Histogram {
        self.recorder.register_histogram(&Key::from_parts(name, labels), &METADATA)
    }
}

fn describe(recorder: &PrometheusRecorder) {
    let counter = |name: &'static str, text: &'static str| {
        recorder.describe_counter(name.into(), Some(Unit::Count), text.into());
    };
    counter(REQUESTS, "Requests answered, by pattern of the path, method and status.");
    counter(REPORTS_TAKEN, "Reports answered with 200, by verdict; one that is sent again counts again.");
    counter(
        ERRORS,
        "Failures of the database: unavailable, refused (a statement or value), race (tried again).",
    );
    let histogram = |name: &'static str, unit, text: &'static str| {
        recorder.describe_histogram(name.into(), Some(unit), text.into());
    };
    histogram(DURATION, Unit::Seconds, "Time until the answer began, by pattern of the path and method.");
    histogram(BATCH, Unit::Count, "Reports that were written in one transaction.");
    let gauge = |name: &'static str, unit, text: &'static str| {
        recorder.describe_gauge(name.into(), Some(unit), text.into());
    };
    gauge(WAL, Unit::Bytes, "Size of SQLite's write-ahead log; absent with PostgreSQL.");
    gauge(UPTIME, Unit::Seconds, "Time since this server started.");
    gauge(BUILD, Unit::Count, "Always 1; the version is in the label.");
}

/// Anyone can make up methods; each would be a line for ever.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}
