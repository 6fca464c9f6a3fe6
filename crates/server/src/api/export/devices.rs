//! GET /api/export/devices.json and devices.csv: every device, with what people typed and how it stands.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use report::Component;
use serde::Serialize;
use utoipa::ToSchema;

use super::stream::{Export, Format, PAGE, download};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::device::Device;
use crate::domain::privacy::{PRIVATE_FIELDS, public_device};
use crate::domain::sheet::Cell;
use crate::domain::spreadsheet::STANDING;
use crate::domain::typed::{CUSTOM, Typed};
use crate::edge::BaseUrl;
use crate::error::AppError;
use crate::extract::{NoParams, Query};
use crate::store::{Store, StoreError};

/// A device, and where it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ExportedDevice {
    /// What is served of it.
    #[serde(flatten)]
    device: Device,
    /// Address of its page.
    device_url: String,
}

struct Devices {
    store: Store,
    base: BaseUrl,
    sight: Sight,
    /// The fields that people typed: those of their own with their prefix, in place of all of them together.
    typed: Vec<String>,
}

impl Devices {
    async fn new(store: Store, base: BaseUrl, sight: Sight) -> Result<Self, StoreError> {
        let custom = match sight {
            Sight::Everything => store.custom_keys().await?,
            Sight::Public => Default::default(),
        };
        // Empty columns of what is hidden would take it back, if the sheet were imported.
        let hidden = |field: &&str| sight == Sight::Public && PRIVATE_FIELDS.contains(field);
        let fields =
            Typed::FIELDS.iter().filter(|field| **field != CUSTOM.trim_end_matches('.') && !hidden(field));
        let custom = custom.into_iter().map(|key| format!("{CUSTOM}{key}"));
        let typed = fields.map(|field| (*field).to_owned()).chain(custom).collect();
        Ok(Self { store, base, sight, typed })
    }
}

impl Export for Devices {
    type Item = ExportedDevice;

    const NAME: &'static str = "devices";

    async fn page(&self, after: i64) -> Result<Vec<ExportedDevice>, StoreError> {
        let page = self.store.devices_behind(after, PAGE).await?;
        let exported = |device: Device| ExportedDevice {
            device_url: self.base.join(&format!("/d/{}", device.id)),
            device: if self.sight == Sight::Public { public_device(device) } else { device },
        };
        Ok(page.into_iter().map(exported).collect())
    }

    fn id(item: &ExportedDevice) -> i64 {
        item.device.id
    }

    /// First what an import takes: the id and what people typed. Then what counts, and how the device stands.
    fn names(&self) -> Vec<Cell> {
        let (before, after) = STANDING;
        let scores = Component::ALL.map(|component| Cell::Word(format!("{component}_score")));
        let typed = self.typed.iter().map(|name| Cell::from(name.as_str()));
        let names = |names: &[&str]| names.iter().map(|name| Cell::from(*name)).collect::<Vec<_>>();
        let first = names(&["id", "device_identifier"]).into_iter().chain(typed).chain(names(&before));
        first.chain(scores).chain(names(&after)).chain(names(&["version"])).collect()
    }

    fn cells(&self, item: &ExportedDevice) -> Vec<Cell> {
        let ExportedDevice { device, device_url } = item;
        let standing = &device.standing;
        let mut cells: Vec<Cell> = vec![device.id.into(), device.device_identifier.as_str().into()];
        cells.extend(self.typed.iter().map(|field| Cell::from(device.typed.cell(field))));
        cells.extend([
            device.name.as_str().into(),
            device.kind.as_str().into(),
            device.status.as_str().into(),
            device.model.as_deref().into(),
            device.hosted_on.into(),
            device.model_key.as_deref().into(),
            device.reported.hostname.as_deref().into(),
            device.reported.fqdn.as_deref().into(),
            device_url.as_str().into(),
            standing.ranked.into(),
            standing.score_basis.as_deref().into(),
            standing.global_score.into(),
            standing.ci_low.into(),
            standing.ci_high.into(),
            standing.coverage.into(),
            standing.verdict.as_str().into(),
        ]);
        let score = |component| standing.components.get(&component).and_then(|counting| counting.score.score);
        cells.extend(Component::ALL.map(|component| Cell::from(score(component))));
        let last = device.last_benchmark.as_ref();
        cells.extend([
            device.benchmark_count.into(),
            last.map(|last| last.id).into(),
            last.map(|last| last.at).into(),
            device.created_at.into(),
            device.updated_at.into(),
            device.version.into(),
        ]);
        cells
    }
}

/// Every device, oldest first, as one array. The public gets it without what READ_ACCESS=public hides.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/export/devices.json",
    tag = "export",
    operation_id = "export_devices_json",
    responses((status = 200, description = "All of them", body = Vec<ExportedDevice>)),
)]
pub async fn devices_json(
    State(AppState { store, .. }): State<AppState>,
    Extension(sight): Extension<Sight>,
    base: BaseUrl,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Response, AppError> {
    download(Devices::new(store, base, sight).await?, Format::Json).await
}

/// Every device, oldest first, one in a line: what people typed under the names of the fields, with a column `custom.KEY` for
/// each of their own, and beside it what counts. Text that a spreadsheet would take for a formula begins with an apostrophe.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/export/devices.csv",
    tag = "export",
    operation_id = "export_devices_csv",
    responses((status = 200, description = "All of them", body = String, content_type = "text/csv")),
)]
pub async fn devices_csv(
    State(AppState { store, .. }): State<AppState>,
    Extension(sight): Extension<Sight>,
    base: BaseUrl,
    Query(NoParams {}): Query<NoParams>,
) -> Result<Response, AppError> {
    download(Devices::new(store, base, sight).await?, Format::Csv).await
}
