//! What a machine is made of, section by section.

mod cpu;
mod gpu;
mod motherboard;
mod network;
mod os;
mod ram;
mod sensors;
mod storage;

pub use cpu::{Cluster, Cpu};
pub use gpu::Gpu;
pub use motherboard::Motherboard;
pub use network::{Interface, Network};
pub use os::Os;
pub use ram::{MemoryModule, Ram};
pub use sensors::Sensors;
pub use storage::{Link, Partition, Storage, StorageDevice};

use crate::section::section;
use crate::text::List;

section! {
    /// The hardware and the system on it; an absent section was not read.
    pub struct Hardware {
        /// Processor.
        pub cpu: Cpu,
        /// Main memory.
        pub ram: Ram,
        /// Graphics, as old clients send it: one card.
        pub gpu: Gpu,
        /// Graphics cards.
        pub gpus: List<Gpu>,
        /// Drives and partitions.
        pub storage: Storage,
        /// Network interfaces.
        pub network: Network,
        /// Mainboard, firmware, chassis.
        pub motherboard: Motherboard,
        /// Operating system and virtualisation.
        pub os: Os,
        /// Temperatures and fans at the time of the report.
        pub sensors: Sensors,
    }
}

impl Hardware {
    /// The graphics cards, whichever way the client sent them.
    pub fn graphics(&self) -> &[Gpu] {
        match (&self.gpus, &self.gpu) {
            (Some(gpus), _) => gpus,
            (None, Some(gpu)) => std::slice::from_ref(gpu),
            (None, None) => &[],
        }
    }
}
