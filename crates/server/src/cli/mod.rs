//! The commands of `benchtools-server`.

mod health;
mod migrate;
mod ranking;
mod seed;
mod serve;
mod token;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{Config, Settings};

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
    /// The token that machines send their reports with
    Token {
        #[command(subcommand)]
        action: TokenAction,
    },
    /// Bring the database's schema up to date, as `serve` does too
    Migrate(Settings),
    /// Print the ranking
    Ranking(Settings),
    /// Fill an empty database with machines that are none
    #[command(hide = true)]
    Seed(seed::Seed),
    /// Ask the running server how it is; exit code 0 if it is well (for containers)
    Health(Settings),
}

#[derive(Debug, Subcommand)]
enum TokenAction {
    /// Print the token
    Show(Settings),
}

/// Does what the command line asks for.
///
/// # Errors
/// For `main` to print.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(settings) => serve::run(validated(settings)?),
        Command::Token { action: TokenAction::Show(settings) } => token::show(&validated(settings)?),
        Command::Migrate(settings) => migrate::run(&validated(settings)?),
        Command::Ranking(settings) => ranking::run(&validated(settings)?),
        Command::Seed(seed) => {
            let (plan, settings) = seed.split();
            seed::run(&validated(settings)?, plan)
        }
        Command::Health(settings) => health::run(&validated(settings)?),
    }
}

fn validated(settings: Settings) -> anyhow::Result<Config> {
    let program = std::env::current_exe().context("cannot find out where this program lies")?;
    Ok(settings.validate(&program)?)
}

/// For commands that do one thing and end.
fn block_on<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work))
}
