//! Links: outside addresses that people keep with a device.

mod add;
mod delete;
mod get;
mod list;
mod patch;
mod put;

pub use add::{__path_add, add};
pub use delete::{__path_delete, delete};
pub use get::{__path_get, get};
pub use list::{__path_list, list};
pub use patch::{__path_patch, patch};
pub use put::{__path_put, put};

use crate::error::AppError;

fn no_such_link() -> AppError {
    AppError::not_found("There is no link with this id.")
}
