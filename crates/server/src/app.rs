//! What every handler can reach.

use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::auth::TokenHash;
use crate::config::{Config, Secret};
use crate::edge::RequestIds;
use crate::serve::ServeError;

/// Shared by all requests; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The validated configuration.
    pub config: Arc<Config>,
    /// What a bearer token must hash to.
    pub token: TokenHash,
    /// When this server started, for its uptime.
    pub started: Instant,
    /// Cancelled when the server is asked to stop: what waits for a client stops waiting.
    pub stopping: CancellationToken,
    /// Names requests.
    pub request_ids: Arc<RequestIds>,
}

impl AppState {
    /// Opens what the server needs.
    ///
    /// # Errors
    /// When something of it cannot be had.
    pub async fn open(
        config: Config,
        stopping: CancellationToken,
        started: Instant,
    ) -> Result<Self, ServeError> {
        let token = config.api_token.clone().unwrap_or_else(|| Secret::new("to be made"));
        Ok(Self {
            token: TokenHash::of(&token),
            config: Arc::new(config),
            started,
            stopping,
            request_ids: Arc::new(RequestIds::from(getrandom::u64()?)),
        })
    }
}
