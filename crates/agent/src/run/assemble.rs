//! The report, put together from what the run found.

use report::number::Whole;
use report::text::Name;
use report::{DeviceIdentifier, Report, ReportId, SCHEMA_VERSION, Timestamp};

use super::gap;
use crate::measure::Measured;
use crate::plan::Plan;
use crate::probe::Inventory;

/// The version that the report names.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// For a machine that has no usable name of its own.
const NAMELESS: &str = "unnamed";

/// The report's id, and when the run began and ended by this machine's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    pub(super) report_id: ReportId,
    pub(super) started_at: Timestamp,
    pub(super) finished_at: Timestamp,
}

/// Puts the report together; verdicts, scores and the summary are still to come.
pub(super) fn assemble(
    plan: &Plan,
    inventory: Inventory,
    measured: Measured,
    stamp: Stamp,
    fleet_key: Option<&[u8; 32]>,
) -> Report {
    let Inventory { hardware, keys, mut missing, hostname } = inventory;
    let Measured { measurements, environment, missing: not_measured, failures: _, stayed_away: _ } = measured;
    missing.extend(not_measured);
    missing.extend(gap::left_out(plan));
    Report {
        report_id: Some(stamp.report_id),
        schema_version: Whole::new(SCHEMA_VERSION),
        device_identifier: device(plan, hostname.as_deref()),
        hostname: None,
        bench_script_version: Some(Name::lossy(VERSION)),
        label: plan.label.clone(),
        note: plan.note.clone(),
        started_at: Some(stamp.started_at),
        finished_at: Some(stamp.finished_at),
        preset: Some(plan.preset),
        identity: keys.identity(fleet_key, plan.device.is_some()),
        hardware,
        environment: (!plan.inventory_only).then_some(environment),
        results: report::results::Results::default(),
        measurements: measurements.into(),
        missing: missing.into(),
    }
}

/// The name that was given, else the host name.
fn device(plan: &Plan, hostname: Option<&str>) -> Option<DeviceIdentifier> {
    let own = || hostname.and_then(|name| DeviceIdentifier::new(name).ok());
    plan.device.clone().or_else(own).or_else(|| DeviceIdentifier::new(NAMELESS).ok())
}
