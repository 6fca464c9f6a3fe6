//! The one way to start the server, in tests too.

mod connection;
mod linger;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use metrics_exporter_prometheus::BuildError;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::AppState;
use crate::auth::TokenError;
use crate::config::Config;
use crate::documents::DocumentsError;
use crate::fleet::FleetKeyError;
use crate::folders::FolderError;
use crate::router::router;
use crate::store::StoreError;

/// More connections than this wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 1024;
/// Requests in flight get this long to be answered when the server stops.
const GRACE: Duration = Duration::from_millis(1500);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A folder that is needed is not there.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Documents cannot be kept.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
    /// The database cannot be used.
    #[error("cannot open the database {database}")]
    Store {
        /// Its address, without a password.
        database: String,
        /// What happened.
        source: StoreError,
    },
    /// There is no token, and none can be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// There is no fleet key, and none can be made.
    #[error(transparent)]
    FleetKey(#[from] FleetKeyError),
    /// What is counted cannot be set up.
    #[error("cannot set up what is counted for /metrics")]
    Telemetry(#[from] BuildError),
    /// No randomness from the kernel.
    #[error("the kernel gives no random numbers")]
    Random(#[from] getrandom::Error),
}

/// Serves until `shutdown` is cancelled; then refuses new connections at once, answers what is in flight,
/// commits what was accepted, and returns.
///
/// # Errors
/// When the server cannot start.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let state = AppState::open(config, shutdown.clone()).await?;
    let store = state.store.clone();
    announce(&listener, &state);
    let tidying = tokio::spawn(state.documents.clone().keep_tidy(store.clone(), shutdown.clone()));
    let mut connections = accept(listener, router(state), &shutdown).await;
    store.hurry();
    let all_done = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all_done).await.is_err() {
        tracing::warn!(cut = connections.len(), "connections were still open and are cut");
    }
    connections.shutdown().await;
    if let Err(error) = tidying.await {
        tracing::error!(%error, "the sweep ended abnormally");
    }
    store.close().await;
    Ok(())
}

/// The first line of the log: where to look.
fn announce(listener: &TcpListener, state: &AppState) {
    let address = listener.local_addr().map(|address| format!("http://{address}"));
    let address = address.unwrap_or_else(|error| format!("unknown ({error})"));
    let database = &state.config.database;
    tracing::info!(address, version = env!("CARGO_PKG_VERSION"), %database, "listening");
}

/// Takes connections until `stopping`; the listener is closed when this returns.
async fn accept(listener: TcpListener, router: Router, stopping: &CancellationToken) -> JoinSet<()> {
    let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let seat = Arc::clone(&seats).acquire_owned().await;
            (seat, listener.accept().await)
        };
        let (seat, accepted) = tokio::select! {
            biased;
            () = stopping.cancelled() => return connections,
            Some(_) = connections.join_next() => continue,
            next = next => next,
        };
        match accepted {
            Ok((stream, remote)) => {
                let serving = connection::serve(stream, remote, router.clone(), stopping.clone());
                connections.spawn(async move {
                    serving.await;
                    drop(seat);
                });
            }
            Err(error) => wait_after(&error).await,
        }
    }
}

/// A client that hung up is nothing; a lack of descriptors passes when some connection ends.
async fn wait_after(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::error!(%error, "cannot accept a connection");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
