//! Devices, and what each of them has.

mod benchmarks;
mod get;
mod list;
mod snapshots;

pub use benchmarks::benchmarks;
pub use get::get;
pub use list::list;
pub use snapshots::snapshots;

use crate::error::AppError;

fn no_such_device() -> AppError {
    AppError::not_found("There is no device with this id.")
}
