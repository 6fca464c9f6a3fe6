//! The inventory: what a machine is made of, read from /proc, /sys and firmware tables.
//!
//! Everything is read through a [`Root`], so that a fixture tree is a machine too. What cannot be
//! read is absent, with a reason in `missing`.

pub(crate) mod activity;
mod board;
mod capacity;
pub(crate) mod counters;
mod cpu;
mod dmi;
mod gaps;
mod gpu;
mod hwmon;
mod kernel;
mod keys;
mod network;
mod os;
mod outside;
mod pci;
mod program;
mod ram;
pub(crate) mod reach;
mod root;
mod secret;
mod sensors;
mod smbios;
pub(crate) mod storage;
mod table;
mod text;
#[cfg(test)]
pub(crate) mod tree_tests;
mod virt;

use std::fmt;

use report::hardware::Hardware;
use report::missing::Missing;

pub use keys::ClearKeys;
pub use outside::{Cpuid, Nothing, Outside, RunError, Space};
pub use root::Root;
pub use table::table;

pub(crate) use capacity::{available_memory_bytes, last_level_cache_bytes, memory_node};
pub(crate) use cpu::{core_classes, fastest};
pub(crate) use program::run_with_us;

use gaps::Gaps;
use secret::Secrets;
use virt::Virt;

/// What the reader of an inventory may see of it.
#[derive(Clone, Default)]
pub struct ProbeOptions {
    /// Serial numbers and hardware addresses in clear too (`--include-serials`).
    pub include_serials: bool,
    /// The key of the keyed hashes; without one there are no hashes, and `missing` says so.
    pub fleet_key: Option<[u8; 32]>,
}

impl fmt::Debug for ProbeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { include_serials, fleet_key } = self;
        let has_key = fleet_key.is_some();
        f.debug_struct("ProbeOptions")
            .field("include_serials", include_serials)
            .field("has_key", &has_key)
            .finish()
    }
}

/// What a machine is made of at this moment.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// The sections of the report.
    pub hardware: Hardware,
    /// The keys in clear: they stay on this machine.
    pub keys: ClearKeys,
    /// What could not be read, and what would help.
    pub missing: Vec<Missing>,
    /// The machine's own name.
    pub hostname: Option<String>,
}

/// Takes the inventory of the machine behind `root`. Reads only; never fails as a whole.
pub fn inventory(root: &Root, options: &ProbeOptions) -> Inventory {
    let mut gaps = Gaps::default();
    let secrets = Secrets::new(options);
    let virt = Virt::detect(root);
    let container = virt.container.is_some();
    let (network, macs) = network::read(root, &secrets, &mut gaps);
    let keys = ClearKeys::read(root, container, macs, &mut gaps);
    let mut motherboard = board::read(root, container, &mut gaps);
    if let Some(board) = &mut motherboard {
        board::add_serials(board, &keys, &secrets);
    }
    let hardware = Hardware {
        cpu: Some(cpu::read(root, &mut gaps)),
        ram: Some(ram::read(root, &secrets, container, &mut gaps)),
        gpu: None,
        gpus: Some(gpu::read(root, container, &mut gaps)),
        storage: Some(storage::read(root, &secrets, container, &mut gaps)),
        network: Some(network),
        motherboard,
        os: Some(os::read(root, &virt, &secrets, &mut gaps)),
        sensors: Some(sensors::read(root, container, &mut gaps)),
    };
    if options.fleet_key.is_none() {
        gaps.add(
            "identity",
            "no_fleet_key",
            Some("the server hands out the key at the first run with --server"),
        );
    }
    Inventory { hardware, keys, missing: gaps.into_vec(), hostname: os::hostname(root) }
}
