//! Hardware snapshots.

mod get;

pub use get::get;
