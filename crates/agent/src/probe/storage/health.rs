//! What a drive knows of its own health.

use super::drive::Drive;
use super::{mmc, nvme, smartctl};
use crate::probe::outside::RunError;
use crate::probe::root::Root;

/// Readings of a drive; what it does not tell is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Health {
    pub(crate) passed: Option<bool>,
    pub(crate) temperature_c: Option<f64>,
    pub(crate) wear_percent: Option<f64>,
    pub(crate) power_on_hours: Option<f64>,
    pub(crate) media_errors: Option<u64>,
    pub(crate) reallocated_sectors: Option<u64>,
}

/// Asks the drive in the cheapest way that it understands.
pub(super) fn read(root: &Root, drive: &Drive) -> Result<Health, RunError> {
    match drive.kind {
        "virtual" => Err(RunError::NotPresent),
        "eMMC" | "SD" => mmc::health(root, &drive.name).ok_or(RunError::Failed),
        "NVMe" => {
            let page = root.outside().nvme_health(nvme::controller(&drive.name))?;
            nvme::parse_log(&page).ok_or(RunError::Failed)
        }
        _ => smartctl::read(root, &drive.name),
    }
}
