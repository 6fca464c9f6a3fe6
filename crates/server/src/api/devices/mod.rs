//! Devices, and what each of them has.

mod benchmarks;
mod get;
mod list;
mod snapshots;

pub use benchmarks::{__path_benchmarks, benchmarks};
pub use get::{__path_get, get};
pub use list::{__path_list, list};
pub use snapshots::{__path_snapshots, snapshots};

use crate::error::AppError;

pub(super) fn no_such_device() -> AppError {
    AppError::not_found("There is no device with this id.")
}
