//! Hardware snapshots.

mod diff;
mod get;

pub use diff::{__path_diff, diff};
pub use get::{__path_get, get};

use crate::error::AppError;

fn no_such_snapshot() -> AppError {
    AppError::not_found("There is no snapshot with this id.")
}
