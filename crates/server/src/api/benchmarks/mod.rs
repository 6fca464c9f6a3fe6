//! Benchmarks, as they are stored.

mod get;
mod list;
mod raw;

pub use get::get;
pub use list::list;
pub use raw::raw;

use crate::error::AppError;

fn no_such_benchmark() -> AppError {
    AppError::not_found("There is no benchmark with this id.")
}
