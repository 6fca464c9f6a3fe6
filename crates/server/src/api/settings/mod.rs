//! Settings that people change while the server runs.

mod get;
mod update;

pub use get::{__path_get, get};
pub use update::{__path_update, update};
