//! The inventory: what a machine is made of, read from /proc, /sys and firmware tables.
//!
//! Everything is read through a [`Root`], so that a fixture tree is a machine too. What cannot be
//! read is absent, with a reason in `missing`.

mod gaps;
mod kernel;
mod keys;
mod outside;
mod root;

use report::hardware::Hardware;
use report::missing::Missing;

pub use keys::ClearKeys;
pub use outside::{Cpuid, Nothing, Outside, RunError, Space};
pub use root::Root;

use gaps::Gaps;

/// What the reader of an inventory may see of it.
#[derive(Clone, Debug, Default)]
pub struct ProbeOptions {
    /// Serial numbers and hardware addresses in clear too (`--include-serials`).
    pub include_serials: bool,
    /// The key of the keyed hashes; without one there are no hashes, and `missing` says so.
    pub fleet_key: Option<[u8; 32]>,
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
    let keys = ClearKeys::default();
    if options.fleet_key.is_none() {
        gaps.add(
            "identity",
            "no_fleet_key",
            Some("run with --server and --token once: the server hands out the key"),
        );
    }
    let hostname = root.text("/proc/sys/kernel/hostname");
    Inventory { hardware: Hardware::default(), keys, missing: gaps.into_vec(), hostname }
}
