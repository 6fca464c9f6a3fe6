//! The style sheet, the script and the icon: embedded, compressed, under names that change with their content.

use std::sync::LazyLock;

use axum::Router;
use memory_serve::{CacheControl, Manifest, MemoryServe, load};

/// Addresses of the assets as they are today; a browser may keep each for a year.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The style sheet.
    pub(crate) style: String,
    /// The script: copy buttons.
    pub(crate) script: String,
    /// The icon.
    pub(crate) icon: String,
}

/// What pages link to.
pub(crate) static ADDRESSES: LazyLock<Addresses> = LazyLock::new(|| {
    let manifest = serve().manifest();
    Addresses {
        style: address(&manifest, "/style.css"),
        script: address(&manifest, "/script.js"),
        icon: address(&manifest, "/icon.svg"),
    }
});

const PREFIX: &str = "/assets";

/// Serves the assets below `/assets`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().nest(PREFIX, serve().into_router())
}

fn serve() -> MemoryServe {
    load!("assets")
        .index_file(None)
        .enable_brotli(true)
        .enable_gzip(true)
        .enable_hashed_routes(true)
        .cache_control(CacheControl::NoCache)
}

fn address(manifest: &Manifest, name: &str) -> String {
    let hashed = manifest.get(name).expect("every linked asset is embedded");
    format!("{PREFIX}{hashed}")
}
