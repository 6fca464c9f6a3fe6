//! How a report reaches the server.

pub mod http;
pub mod proxy;
pub mod server;
