//! The API for programs: a folder is a noun, a file is one endpoint.

pub mod agent;
pub mod benchmark;
pub mod health;
pub mod net;
