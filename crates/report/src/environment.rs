//! The conditions of measurement, and the evidence that the watch collected.

use std::collections::BTreeMap;

use crate::metric::Component;
use crate::number::{Celsius, Percent, Quantity, Real, Whole};
use crate::section::section;
use crate::text::Name;

section! {
    /// What the machine did besides being measured.
    pub struct Environment {
        /// Just before the first test.
        pub before: Conditions,
        /// While the tests ran (means; the highest temperature).
        pub during: Conditions,
        /// Just after the last test.
        pub after: Conditions,
        /// What was watched while each component was measured.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::map::Described<Watch>>))]
        #[serde(deserialize_with = "crate::map::map")]
        pub components: BTreeMap<Component, Watch>,
        /// Bytes that the run sent over the network.
        pub bytes_sent: Whole,
        /// Bytes that the run wrote to disks.
        pub bytes_written: Whole,
    }

    /// Conditions at one moment or over one span.
    pub struct Conditions {
        /// Load average over one minute.
        pub load_1m: Quantity,
        /// Frequency of the busiest processor, MHz.
        pub cpu_freq_mhz: Quantity,
        /// Temperature of the processor package, °C.
        pub cpu_temp_c: Celsius,
        /// Time stolen by the hypervisor, percent of all processors' time.
        pub steal_percent: Percent,
        /// Pressure stall information: `some avg10` of /proc/pressure/cpu, percent.
        pub psi_cpu: Percent,
        /// The same of io.
        pub psi_io: Percent,
        /// The same of memory.
        pub psi_memory: Percent,
        /// Swap in use, MiB.
        pub swap_used_mb: Quantity,
        /// `mains` or `battery`.
        pub power_source: Name,
        /// Frequency governor of the first processor.
        pub governor: Name,
    }

    /// Evidence collected while one component was measured.
    pub struct Watch {
        /// Processor time that others used, percent of all processors' time.
        pub background_percent: Percent,
        /// Still busy when the gate's time was up.
        pub gate_timed_out: bool,
        /// Time stolen by the hypervisor, percent of all processors' time.
        pub steal_percent: Percent,
        /// Busiest processor's frequency in the first quarter of the time, MHz. First and last quarter are of
        /// spans with the same number of busy threads: turbo falls by right when all threads start.
        pub freq_first_mhz: Quantity,
        /// The same in the last quarter.
        pub freq_last_mhz: Quantity,
        /// How far the throttle counters moved.
        pub throttle_events: Whole,
        /// The firmware reported a supply voltage that is too low.
        pub under_voltage: bool,
        /// Pages swapped in and out by the whole machine.
        pub swapped_pages: Whole,
        /// How far the wall clock moved against the monotonic one, ms of either sign.
        pub clock_moved_ms: Real,
        /// Processors online at the start.
        pub cpus_online_first: Whole,
        /// Processors online at the end.
        pub cpus_online_last: Whole,
        /// Processor time that the cgroup allows, in processors; absent without a limit.
        pub cpu_quota: Quantity,
        /// Highest temperature of the processor package, °C.
        pub cpu_temp_max_c: Celsius,
        /// `mains` or `battery`.
        pub power_source: Name,
        /// Frequency governor of the first processor.
        pub governor: Name,
        /// Frequency driver: `intel_pstate`, `amd-pstate-epp`, `acpi-cpufreq` …
        pub governor_driver: Name,
    }
}
