//! The Linux program `benchtools`: takes inventory, measures, and sends reports.

pub mod arch;
pub mod cli;
pub mod clock;
pub mod deliver;
pub mod measure;
pub mod probe;
