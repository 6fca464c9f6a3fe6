//! The commands of `benchtools-server`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Settings};
use crate::logging;

/// Stores reports, ranks machines, serves the client.
#[derive(Debug, Parser)]
#[command(name = "benchtools-server", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until SIGTERM or Ctrl-C
    Serve(Settings),
}

/// Does what the command line asks for.
///
/// # Errors
/// For `main` to print.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(settings) => serve(validated(settings)?),
    }
}

fn validated(settings: Settings) -> anyhow::Result<Config> {
    let program = std::env::current_exe().context("cannot find out where this program lies")?;
    Ok(settings.validate(&program)?)
}

fn serve(config: Config) -> anyhow::Result<()> {
    logging::start(config.log_format, std::env::var("RUST_LOG").ok().as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (host, port) = (config.host.as_str(), config.port);
        let listener = TcpListener::bind((host, port))
            .await
            .with_context(|| format!("cannot listen on {host}:{port} (HOST, PORT)"))?;
        tracing::info!(address = %listener.local_addr()?, "listening");
        let shutdown = CancellationToken::new();
        stop_on_signals(shutdown.clone())?;
        Ok(crate::serve(listener, config, shutdown).await?)
    })
}

/// Cancels `shutdown` on SIGTERM and SIGINT.
fn stop_on_signals(shutdown: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
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
