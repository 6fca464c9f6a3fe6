//! What Prometheus reads: the server, and the devices.

mod devices;
mod server;

pub use devices::{__path_devices, devices};
pub use server::{__path_server, server};

use axum::http::{HeaderName, header};

/// What the text is.
const HEAD: [(HeaderName, &str); 2] =
    [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
