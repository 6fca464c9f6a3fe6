//! What agents ask the server for.

mod config;

pub use config::{__path_config, config};
