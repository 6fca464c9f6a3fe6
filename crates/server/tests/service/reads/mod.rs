//! The reading side of the API, on both engines.

mod access;
mod benchmarks;
mod devices;
mod find;
mod paging;
mod ready;
mod refusals;
mod snapshots;
mod stats;
