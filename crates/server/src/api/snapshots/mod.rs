//! Hardware snapshots.

mod get;

pub use get::{__path_get, get};
