//! Drives, and the file systems on them.

mod ata;
mod drive;
mod health;
mod mmc;
mod mounts;
mod nvme;
mod partitions;
pub(crate) mod place;
mod scsi;
mod smartctl;
mod vendor;

use report::hardware::{Storage, StorageDevice};
use report::number::Celsius;

use super::gaps::{Gaps, SUDO};
use super::outside::RunError;
use super::root::Root;
use super::secret::Secrets;
use drive::Drive;
use health::Health;

const DEVICES: &str = "hardware.storage.devices";

/// Reads drives and partitions; in a container the drives are the host's.
pub(crate) fn read(root: &Root, secrets: &Secrets<'_>, container: bool, gaps: &mut Gaps) -> Storage {
    let partitions = partitions::read(root, gaps);
    let devices = if container {
        gaps.add(DEVICES, "belongs_to_host", Some("run it on the host to see the drives"));
        None
    } else {
        Some(drives(root, secrets, gaps).into())
    };
    Storage { devices, partitions: Some(partitions.into()) }
}

/// The names of the drives: every block device that is a piece of hardware, or stands for one.
fn names(root: &Root) -> Vec<String> {
    const NO_DRIVES: [&str; 11] =
        ["loop", "ram", "zram", "dm-", "md", "zd", "sr", "fd", "drbd", "mtdblock", "bcache"];
    let is_drive = |name: &String| {
        let parts_of_mmc = name.contains("boot") || name.contains("rpmb");
        let path_of_multipath = name.strip_prefix("nvme").is_some_and(|rest| rest.contains('c'));
        !NO_DRIVES.iter().any(|prefix| name.starts_with(prefix)) && !parts_of_mmc && !path_of_multipath
    };
    root.names("/sys/block").into_iter().filter(is_drive).collect()
}

fn drives(root: &Root, secrets: &Secrets<'_>, gaps: &mut Gaps) -> Vec<StorageDevice> {
    // Without a medium a card reader has a size of 0.
    let drives: Vec<Drive> = names(root).iter().filter_map(|name| Drive::read(root, name)).collect();
    // Drives answer slowly, and each by itself: ask them all at once.
    let healths: Vec<Result<Health, RunError>> = std::thread::scope(|scope| {
        let asked: Vec<_> = drives.iter().map(|drive| scope.spawn(|| health::read(root, drive))).collect();
        asked.into_iter().map(|answer| answer.join().unwrap_or(Err(RunError::Failed))).collect()
    });
    for (drive, health) in drives.iter().zip(&healths) {
        if let Err(error) = health {
            note(drive, *error, gaps);
        }
    }
    drives
        .iter()
        .zip(healths)
        .map(|(drive, health)| report(root, drive, health.unwrap_or_default(), secrets))
        .collect()
}

fn note(drive: &Drive, error: RunError, gaps: &mut Gaps) {
    let path = format!("{DEVICES}.smart_health");
    match error {
        RunError::NotPermitted => {
            gaps.add(&path, "needs_root", Some("sudo would show the health of the drives"))
        }
        RunError::NotPresent if drive.is_virtual() => {}
        RunError::NotPresent => {
            gaps.add(&path, "not_present", Some("install smartmontools to see the health of the drives"))
        }
        RunError::TimedOut => gaps.add(&path, "timed_out", Some("a drive did not answer in time")),
        // Memory cards have no way to tell.
        RunError::Failed if drive.kind == "SD" => {}
        RunError::Failed => gaps.add(&path, "not_exposed", Some("a drive does not tell its health")),
    }
    if error == RunError::NotPermitted {
        gaps.add(&format!("{DEVICES}.wear_percent"), "needs_root", Some(SUDO));
    }
}

fn report(root: &Root, drive: &Drive, health: Health, secrets: &Secrets<'_>) -> StorageDevice {
    let Health { passed, temperature_c, wear_percent, power_on_hours, media_errors, reallocated_sectors } =
        health;
    let mut device = drive.report(secrets);
    device.smart_health =
        passed.map(|passed| report::text::Name::lossy(if passed { "PASSED" } else { "FAILED" }));
    device.temperature_c = drive.temperature(root).or(temperature_c).and_then(Celsius::new);
    device.wear_percent = wear_percent.and_then(report::number::Quantity::new);
    device.power_on_hours = power_on_hours.and_then(report::number::Quantity::new);
    device.media_errors = media_errors.and_then(report::number::Whole::new);
    device.reallocated_sectors = reallocated_sectors.and_then(report::number::Whole::new);
    device
}
