//! Comparing devices or benchmarks.

mod get;

pub use get::{__path_get, get};
