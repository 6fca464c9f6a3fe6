//! Main memory.

use crate::number::{Quantity, Whole};
use crate::section::section;
use crate::text::{List, Name};

section! {
    /// Main memory. Sizes in MiB.
    pub struct Ram {
        /// What the kernel reports: less than installed, and moving with its version; a reading.
        pub total_mb: Whole,
        /// In use.
        pub used_mb: Whole,
        /// Free.
        pub free_mb: Whole,
        /// Shared between processes.
        pub shared_mb: Whole,
        /// Sum of the modules; a fact.
        pub installed_mb: Whole,
        /// Slots on the board.
        pub slots_total: Whole,
        /// Slots with a module.
        pub slots_used: Whole,
        /// Error-correcting.
        pub ecc: bool,
        /// The modules.
        pub layout: List<MemoryModule>,
    }

    /// One memory module.
    pub struct MemoryModule {
        /// The slot, as the board names it.
        pub slot: Name,
        /// Size, MiB.
        pub size_mb: Whole,
        /// `DDR4`, `LPDDR5` …
        pub r#type: Name,
        /// Configured transfer rate, MT/s (called MHz by every tool).
        pub speed_mhz: Quantity,
        /// Maker.
        pub vendor: Name,
        /// Part number.
        pub part_number: Name,
        /// The rate the module is made for, MT/s.
        pub rated_speed_mhz: Quantity,
        /// Ranks.
        pub rank: Whole,
        /// Keyed hash of the serial number.
        pub serial_hash: Name,
        /// Serial number in clear; only with `--include-serials`.
        pub serial: Name,
    }
}
