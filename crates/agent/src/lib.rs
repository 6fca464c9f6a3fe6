//! The Linux program `benchtools`: takes inventory, measures, and sends reports.

pub mod arch;
pub mod cli;
pub mod clock;
pub mod deliver;
pub mod doctor;
pub mod inventory;
pub mod lang;
pub mod measure;
pub mod plan;
pub mod probe;
pub mod run;
pub mod say;
pub mod send;
pub mod surroundings;
