//! `benchtools-server serve`

use std::process::ExitCode;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::logging;

/// Threads that may wait for a disk at once: each holds memory. What needs one and finds none waits its turn. Two of them are
/// those that write and tidy SQLite.
const WAITING_THREADS: usize = 18;

pub(super) fn run(config: Config) -> anyhow::Result<ExitCode> {
    logging::start(config.log_format, std::env::var("RUST_LOG").ok().as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(WAITING_THREADS)
        .enable_all()
        .build()?;
    runtime.block_on(serve(config))?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Listens for signals first: one that comes during the start ends it in order, too.
    let shutdown = CancellationToken::new();
    stop_on_signals(shutdown.clone())?;
    let (host, port) = (config.host.as_str(), config.port);
    let listener = TcpListener::bind((host, port))
        .await
        .with_context(|| format!("cannot listen on {host}:{port} (HOST, PORT)"))?;
    Ok(crate::serve(listener, config, shutdown).await?)
}

/// Cancels `shutdown` on SIGTERM and SIGINT.
fn stop_on_signals(shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: stopping"),
            _ = interrupt.recv() => tracing::info!("SIGINT: stopping"),
        }
        shutdown.cancel();
    });
    Ok(())
}
