//! How a report reaches the server, now or later.

pub mod answer;
pub mod config;
pub mod elsewhere;
mod forward;
pub mod http;
pub mod place;
pub mod proxy;
pub mod send;
pub mod server;
pub mod spool;
