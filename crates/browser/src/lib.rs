//! A real server with a fleet in it, and a real Chromium to look at its pages.

pub mod chromium;
pub mod fleet;
pub mod page;
pub mod server;

pub use chromium::Chromium;
pub use server::Server;
