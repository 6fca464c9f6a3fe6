//! The API for programs: a folder is a noun, a file is one endpoint.

pub mod agent;
pub mod benchmark;
pub mod benchmarks;
pub mod changes;
pub mod compare;
pub mod devices;
pub mod docs;
mod examples;
pub mod export;
pub mod health;
mod known;
pub mod links;
mod list;
pub mod metrics;
pub mod net;
pub(crate) mod octets;
pub(crate) mod openapi;
pub mod prometheus;
pub(crate) mod ready;
pub mod settings;
pub mod snapshots;
pub mod stats;
pub mod tokens;

pub(crate) use crate::client;
