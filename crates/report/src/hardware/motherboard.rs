//! Mainboard, firmware and chassis.

use crate::section::section;
use crate::text::Name;

section! {
    /// Mainboard, firmware and chassis.
    pub struct Motherboard {
        /// Maker of the board.
        pub vendor: Name,
        /// Model of the board.
        pub model: Name,
        /// Firmware version.
        pub bios_version: Name,
        /// Firmware date.
        pub bios_date: Name,
        /// Firmware maker.
        pub bios_vendor: Name,
        /// `Desktop`, `Notebook`, `Rack Mount Chassis` …
        pub chassis_type: Name,
        /// Maker of the machine.
        pub system_vendor: Name,
        /// Model of the machine.
        pub system_model: Name,
        /// Board serial number in clear; only with `--include-serials`.
        pub serial: Name,
        /// Machine serial number in clear; only with `--include-serials`.
        pub system_serial: Name,
    }
}
