//! Everything, to take along: as JSON for programs, as CSV for spreadsheets.

mod benchmarks;
mod devices;
mod stream;

pub use benchmarks::{__path_benchmarks_csv, __path_benchmarks_json, benchmarks_csv, benchmarks_json};
pub use devices::{__path_devices_csv, __path_devices_json, devices_csv, devices_json};
