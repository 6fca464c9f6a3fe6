//! The one way to start the server, in tests too.

mod connection;
mod linger;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::AppState;
use crate::config::Config;
use crate::router::router;

/// More connections than this wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 1024;
/// Requests in flight get this long to be answered when the server stops.
const GRACE: Duration = Duration::from_millis(1500);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No randomness from the kernel.
    #[error("the kernel gives no random numbers")]
    Random(#[from] getrandom::Error),
}

/// Serves until `shutdown` is cancelled; then refuses new connections at once, answers what is in flight
/// and returns.
///
/// # Errors
/// When the server cannot start.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let state = AppState::open(config, shutdown.clone(), Instant::now()).await?;
    let router = router(state);
    let mut connections = accept(listener, router, &shutdown).await;
    let all_done = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all_done).await.is_err() {
        tracing::warn!(cut = connections.len(), "connections were still open and are cut");
    }
    connections.shutdown().await;
    Ok(())
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
