//! What every handler can reach.

use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::api::net::Slots;
use crate::api::ready::Ready;
use crate::auth::{self, Guard, TokenHash, Tokens};
use crate::client::Agents;
use crate::config::{Config, DatabaseUrl};
use crate::documents::Documents;
use crate::edge::RequestIds;
use crate::fleet::FleetKey;
use crate::folders::folders;
use crate::serve::ServeError;
use crate::site::Site;
use crate::store::{Meter, Store, StoreError};
use crate::telemetry::Telemetry;

/// A database that comes up together with the server is waited for this long.
const DATABASE_PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries.
const DATABASE_PAUSE: Duration = Duration::from_millis(500);

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The validated configuration.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// Answers that are ready.
    pub ready: Arc<Ready>,
    /// Whose token is whose.
    pub tokens: Arc<Tokens>,
    /// Makes guessing slow.
    pub guard: Arc<Guard>,
    /// Where documents are kept.
    pub documents: Documents,
    /// What serial numbers are hashed with.
    pub fleet_key: FleetKey,
    /// The programs for machines to run.
    pub agents: Arc<Agents>,
    /// The one place in the network test.
    pub net: Arc<Slots>,
    /// What pages call it.
    pub site: Arc<Site>,
    /// What it counts of its work.
    pub telemetry: Arc<Telemetry>,
    /// When this server started, for its uptime.
    pub started: Instant,
    /// Cancelled when the server is asked to stop: what waits for a client stops waiting.
    pub stopping: CancellationToken,
    /// Names requests.
    pub request_ids: Arc<RequestIds>,
}

impl AppState {
    /// Opens what the server needs. A token that was made just now is shown on standard error.
    ///
    /// # Errors
    /// When something of it cannot be had.
    pub(crate) async fn open(config: Config, stopping: CancellationToken) -> Result<Self, ServeError> {
        let started = Instant::now();
        for folder in folders(&config) {
            folder.check()?;
        }
        let telemetry = Telemetry::new()?;
        telemetry.keep_up(stopping.clone());
        let opened = open_store(&config, &stopping, telemetry.meter()).await;
        let store =
            opened.map_err(|source| ServeError::Store { database: config.database.to_string(), source })?;
        warn_of_readers(&config.database);
        let state = Self::around(config, store.clone(), telemetry, stopping, started).await;
        if state.is_err() {
            store.close().await;
        }
        state
    }

    async fn around(
        config: Config,
        store: Store,
        telemetry: Telemetry,
        stopping: CancellationToken,
        started: Instant,
    ) -> Result<Self, ServeError> {
        let documents = Documents::open(&config)?;
        let kept = auth::find_or_make(&config, &store).await?;
        if kept.new {
            show(kept.token.expose());
        }
        Ok(Self {
            tokens: Arc::new(Tokens::new(TokenHash::of(&kept.token), store.clone())),
            guard: Arc::default(),
            fleet_key: FleetKey::load(&store).await?,
            site: Arc::new(Site::new(store.clone())),
            store,
            ready: Arc::default(),
            documents,
            agents: Arc::new(Agents::new(config.agent_dir.clone())),
            net: Arc::default(),
            telemetry: Arc::new(telemetry),
            config: Arc::new(config),
            started,
            stopping,
            request_ids: Arc::new(RequestIds::from(getrandom::u64()?)),
        })
    }
}

/// A database of an earlier version, or a copied one, may be for everybody to read; its mode is the owner's choice.
fn warn_of_readers(database: &DatabaseUrl) {
    let DatabaseUrl::Sqlite(file) = database else { return };
    if file.metadata().is_ok_and(|found| found.mode() & 0o077 != 0) {
        let file = file.display();
        tracing::warn!(%file, "other users of this machine can read the database: chmod 600 keeps them out");
    }
}

/// PostgreSQL may still be starting; a file is there or it is not.
async fn open_store(
    config: &Config,
    stopping: &CancellationToken,
    meter: Meter,
) -> Result<Store, StoreError> {
    let began = Instant::now();
    loop {
        let error = match Store::open_with(&config.database, config.database_patience, meter.clone()).await {
            Ok(store) => return Ok(store),
            Err(error) => error,
        };
        let hopeless = matches!(config.database, DatabaseUrl::Sqlite(_)) || !error.is_retryable();
        if hopeless || began.elapsed() > DATABASE_PATIENCE || stopping.is_cancelled() {
            return Err(error);
        }
        tracing::warn!(%error, "waiting for the database");
        tokio::time::sleep(DATABASE_PAUSE).await;
    }
}

/// For the operator, not for the log: whoever reads logs shall not be able to write reports.
fn show(token: &str) {
    eprintln!(
        "\nThis server made itself a token. Machines need it to send their reports:\n\n    {token}\n\n\
         It is shown once; `benchtools-server token show` prints it again.\n"
    );
}
