//! A graphics card.

use crate::number::Whole;
use crate::section::section;
use crate::text::{List, Name};

section! {
    /// A graphics card or the graphics part of a processor.
    pub struct Gpu {
        /// Vendor.
        pub vendor: Name,
        /// Model.
        pub model: Name,
        /// Version of the driver.
        pub driver_version: Name,
        /// Own memory, MiB.
        pub memory_dedicated_mb: Whole,
        /// Memory shared with the processor, MiB.
        pub memory_shared_mb: Whole,
        /// Programming interfaces: `OpenGL 4.5`, `Vulkan 1.3` …
        pub api_support: List<Name>,
        /// Kernel driver: `i915`, `amdgpu`, `nvidia` …
        pub driver: Name,
        /// PCI vendor and device, `8086:1912`; names are resolved on the server.
        pub pci_id: Name,
    }
}
