//! GET /api/export/benchmarks.json and benchmarks.csv: every benchmark, with what it was measured by.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use report::Component;
use serde::Serialize;
use utoipa::ToSchema;

use super::stream::{Export, Format, PAGE, download};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::benchmark::Benchmark;
use crate::domain::privacy::public_benchmark;
use crate::domain::sheet::Cell;
use crate::edge::BaseUrl;
use crate::error::AppError;
use crate::extract::{NoParams, Query};
use crate::store::{Store, StoreError};

/// A benchmark, and where its device is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ExportedBenchmark {
    /// What lists show.
    #[serde(flatten)]
    benchmark: Benchmark,
    /// Address of the device's page.
    device_url: String,
}

/// Columns of a component: its name and `_score`.
const COMPONENTS: [Component; 5] = Component::ALL;

struct Benchmarks {
    store: Store,
    base: BaseUrl,
    sight: Sight,
}

impl Export for Benchmarks {
    type Item = ExportedBenchmark;

    const NAME: &'static str = "benchmarks";

    async fn page(&self, after: i64) -> Result<Vec<ExportedBenchmark>, StoreError> {
        let page = self.store.benchmarks_behind(after, PAGE).await?;
        let exported = |benchmark: Benchmark| ExportedBenchmark {
            device_url: self.base.join(&format!("/d/{}", benchmark.device_id)),
            benchmark: if self.sight == Sight::Public { public_benchmark(benchmark) } else { benchmark },
        };
        Ok(page.into_iter().map(exported).collect())
    }

    fn id(item: &ExportedBenchmark) -> i64 {
        item.benchmark.id
    }

    fn names(&self) -> Vec<Cell> {
        let names = [
            "id",
            "report_id",
            "device_id",
            "device_name",
            "device_url",
            "snapshot_id",
            "effective_at",
            "received_at",
            "started_at",
            "finished_at",
            "preset",
            "bench_script_version",
            "score_basis",
            "global_score",
            "ci_low",
            "ci_high",
            "coverage",
            "verdict",
        ];
        let scores = COMPONENTS.map(|component| Cell::Word(format!("{component}_score")));
        let remarks = ["label", "note", "excluded", "excluded_reason"];
        names.map(Cell::from).into_iter().chain(scores).chain(remarks.map(Cell::from)).collect()
    }

    fn cells(&self, item: &ExportedBenchmark) -> Vec<Cell> {
        let ExportedBenchmark { benchmark, device_url } = item;
        let Benchmark {
            id,
            report_id,
            device_id,
            device_name,
            snapshot_id,
            effective_at,
            received_at,
            started_at,
            finished_at,
            preset,
            bench_script_version,
            label,
            note,
            excluded,
            excluded_reason,
            score_basis,
            global_score,
            ci_low,
            ci_high,
            coverage,
            verdict,
            components,
            notes: _,
        } = benchmark;
        let mut cells: Vec<Cell> = vec![
            (*id).into(),
            report_id.as_str().into(),
            (*device_id).into(),
            device_name.as_str().into(),
            device_url.as_str().into(),
            (*snapshot_id).into(),
            (*effective_at).into(),
            (*received_at).into(),
            (*started_at).into(),
            (*finished_at).into(),
            preset.map(report::Preset::as_str).into(),
            bench_script_version.as_deref().into(),
            score_basis.as_str().into(),
            (*global_score).into(),
            (*ci_low).into(),
            (*ci_high).into(),
            (*coverage).into(),
            verdict.as_str().into(),
        ];
        cells.extend(COMPONENTS.map(|c| components.get(&c).and_then(|component| component.score).into()));
        cells.extend([label.as_deref().into(), note.as_deref().into()]);
        cells.extend([(*excluded).into(), excluded_reason.as_deref().into()]);
        cells
    }
}

/// Every benchmark, oldest first by arrival, as one array. The public gets it without what READ_ACCESS=public hides.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/export/benchmarks.json",
    tag = "export",
    operation_id = "export_benchmarks_json",
    responses((status = 200, description = "All of them", body = Vec<ExportedBenchmark>)),
)]
pub async fn benchmarks_json(
    State(AppState { store, .. }): State<AppState>,
    Extension(sight): Extension<Sight>,
    base: BaseUrl,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Response, AppError> {
    download(Benchmarks { store, base, sight }, Format::Json).await
}

/// Every benchmark, oldest first by arrival, one in a line. Text that a spreadsheet would take for a formula begins with
/// an apostrophe.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/export/benchmarks.csv",
    tag = "export",
    operation_id = "export_benchmarks_csv",
    responses((status = 200, description = "All of them", body = String, content_type = "text/csv")),
)]
pub async fn benchmarks_csv(
    State(AppState { store, .. }): State<AppState>,
    Extension(sight): Extension<Sight>,
    base: BaseUrl,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Response, AppError> {
    download(Benchmarks { store, base, sight }, Format::Csv).await
}
