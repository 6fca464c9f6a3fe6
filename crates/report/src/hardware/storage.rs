//! Drives and partitions.

use crate::number::{Celsius, Quantity, Whole};
use crate::section::section;
use crate::text::{List, Name, Prose};

section! {
    /// Drives and what is on them.
    pub struct Storage {
        /// The drives.
        pub devices: List<StorageDevice>,
        /// Mounted file systems on block devices.
        pub partitions: List<Partition>,
    }

    /// One drive.
    pub struct StorageDevice {
        /// `/dev/nvme0n1`; accepted with or without `/dev/`.
        pub name: Name,
        /// `NVMe`, `SSD`, `HDD`, `eMMC`, `SD`, `USB`, `virtual`.
        pub r#type: Name,
        /// `PCIe 3.0 x4`, `SATA 6 Gb/s`, `USB 3.2`, `virtio` …
        pub interface: Name,
        /// Size, 10⁹ bytes.
        pub capacity_gb: Quantity,
        /// Maker.
        pub vendor: Name,
        /// Model.
        pub model: Name,
        /// What the drive says of itself: `PASSED`, `FAILED`.
        pub smart_health: Name,
        /// Temperature, °C.
        pub temperature_c: Celsius,
        /// Keyed hash of the serial number.
        pub serial_hash: Name,
        /// Serial number in clear; only with `--include-serials`.
        pub serial: Name,
        /// Firmware revision.
        pub firmware: Name,
        /// Has turning platters.
        pub rotational: bool,
        /// The link to the machine.
        pub link: Link,
        /// Wear, percent of the rated endurance (above 100 is possible).
        pub wear_percent: Quantity,
        /// Hours under power.
        pub power_on_hours: Quantity,
        /// Errors of the medium.
        pub media_errors: Whole,
        /// Sectors replaced by spares.
        pub reallocated_sectors: Whole,
    }

    /// A serial link as it runs, and as it could run.
    pub struct Link {
        /// Speed now: `8.0 GT/s`, `6 Gb/s`.
        pub speed: Name,
        /// Lanes now.
        pub width: Whole,
        /// Speed that both ends can.
        pub max_speed: Name,
        /// Lanes that both ends have.
        pub max_width: Whole,
    }

    /// A mounted file system. Sizes in 10⁹ bytes.
    pub struct Partition {
        /// `/dev/nvme0n1p2`; accepted with or without `/dev/`.
        pub name: Name,
        /// Where it is mounted.
        pub mount_point: Prose,
        /// File system, as the kernel names it.
        pub fs_type: Name,
        /// In use.
        pub used_gb: Quantity,
        /// Size.
        pub total_gb: Quantity,
    }
}
