//! NVMe drives.

use super::drive::Drive;
use super::health::Health;
use crate::probe::pci;
use crate::probe::root::Root;

/// Adds what the controller says of itself.
pub(super) fn describe(root: &Root, drive: &mut Drive) {
    let device = format!("/sys/block/{}/device", drive.name);
    drive.kind = "NVMe";
    drive.model = root.text(&format!("{device}/model"));
    drive.serial = root.text(&format!("{device}/serial"));
    drive.firmware = root.text(&format!("{device}/firmware_rev"));
    let controller = format!("/sys/class/nvme/{}", controller(&drive.name));
    let pci = pci::device_of(root, &drive.device).or_else(|| pci::device_of(root, &controller));
    drive.link = pci.and_then(|folder| pci::link(root, &folder));
    drive.interface = drive.link.as_ref().and_then(pci::interface);
}

/// `nvme0` of `nvme0n1`.
pub(super) fn controller(namespace: &str) -> &str {
    namespace.rsplit_once('n').map_or(namespace, |(controller, _)| controller)
}

/// Reads the SMART / Health Information log page (NVM Express Base Specification, 5.16.1.3).
pub(super) fn parse_log(page: &[u8]) -> Option<Health> {
    let number = |offset: usize, length: usize| {
        // Counters have 16 bytes; what does not fit 8 of them no drive reaches.
        let bytes = page.get(offset..offset + length.min(8))?;
        Some(bytes.iter().rev().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte)))
    };
    let kelvin = number(1, 2).filter(|kelvin| (200..500).contains(kelvin));
    Some(Health {
        passed: Some(number(0, 1)? == 0),
        temperature_c: kelvin.map(|kelvin| kelvin as f64 - 273.0),
        wear_percent: number(5, 1).map(|percent| percent as f64),
        power_on_hours: number(128, 16).map(|hours| hours as f64),
        media_errors: number(160, 16),
        reallocated_sectors: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_log_page() {
        let mut page = vec![0u8; 512];
        page[1..3].copy_from_slice(&310u16.to_le_bytes());
        page[5] = 3;
        page[128..136].copy_from_slice(&12_345u64.to_le_bytes());
        let health = parse_log(&page).expect("a whole page");
        assert_eq!(health.passed, Some(true));
        assert_eq!(health.temperature_c, Some(37.0));
        assert_eq!(health.wear_percent, Some(3.0));
        assert_eq!(health.power_on_hours, Some(12_345.0));
        page[0] = 4;
        assert_eq!(
            parse_log(&page).expect("a whole page").passed,
            Some(false),
            "a critical warning is no pass"
        );
    }

    #[test]
    fn controllers() {
        assert_eq!(controller("nvme0n1"), "nvme0");
        assert_eq!(controller("nvme10n12"), "nvme10");
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(page in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = parse_log(&page);
        }
    }
}
