//! Benchmarks, as they are stored.

mod delete;
mod get;
mod list;
mod patch;
mod raw;

pub use delete::{__path_delete, delete};
pub use get::{__path_get, get};
pub use list::{__path_list, list};
pub use patch::{__path_patch, patch};
pub use raw::{__path_raw, raw};

use crate::error::AppError;

fn no_such_benchmark() -> AppError {
    AppError::not_found("There is no benchmark with this id.")
}
