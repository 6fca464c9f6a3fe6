//! The service: takes reports, ranks machines, serves pages and the agent.

pub mod api;
pub mod app;
pub mod arch;
pub mod auth;
pub mod body;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
mod documents;
pub mod domain;
pub mod edge;
pub mod error;
pub mod extract;
mod fleet;
mod folders;
pub mod logging;
mod router;
pub mod seed;
mod serve;
pub mod site;
pub mod store;
pub mod telemetry;
pub mod web;

pub use app::AppState;
pub use config::Config;
pub use documents::{Documents, DocumentsError};
pub use error::AppError;
pub use fleet::FleetKey;
pub use router::description;
pub use serve::{ServeError, serve};
