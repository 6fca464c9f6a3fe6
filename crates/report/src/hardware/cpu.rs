//! The processor.

use std::collections::BTreeMap;

use crate::number::{Quantity, Whole};
use crate::section::section;
use crate::text::{List, Name, Prose};

section! {
    /// The processor, over all sockets.
    pub struct Cpu {
        /// Vendor: `Intel`, `AMD`, `ARM` …
        pub vendor: Name,
        /// Model name.
        pub model: Name,
        /// Microarchitecture: `Skylake`, `Zen 3`, `Cortex-A76` …
        pub microarchitecture: Name,
        /// Physical cores.
        pub cores: Whole,
        /// Logical processors.
        pub threads: Whole,
        /// Base frequency, GHz.
        pub base_freq_ghz: Quantity,
        /// Highest frequency, GHz.
        pub max_freq_ghz: Quantity,
        /// Level 1 caches, data and instruction, summed over cores, KiB.
        pub cache_l1_kb: Whole,
        /// Level 2 caches, summed, KiB.
        pub cache_l2_kb: Whole,
        /// Level 3 caches, summed, KiB.
        pub cache_l3_kb: Whole,
        /// Instruction set extensions, as the kernel names them.
        pub flags: List<Name>,
        /// Thermal design power, W.
        pub tdp_w: Quantity,
        /// Sockets in use.
        pub sockets: Whole,
        /// Microcode revision.
        pub microcode: Name,
        /// Frequency governor.
        pub governor: Name,
        /// Simultaneous multithreading is on.
        pub smt: bool,
        /// Kernel mitigations by vulnerability.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Prose>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub mitigations: BTreeMap<String, Prose>,
        /// Groups of unlike cores (performance, efficiency).
        pub clusters: List<Cluster>,
    }

    /// A group of like cores.
    pub struct Cluster {
        /// `performance`, `efficiency`, or the core's name.
        pub name: Name,
        /// Logical processors in it.
        pub threads: Whole,
        /// Highest frequency, GHz.
        pub max_freq_ghz: Quantity,
    }
}
