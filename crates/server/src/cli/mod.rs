//! The commands of `benchtools-server`.

mod health;
mod migrate;
mod ranking;
mod seed;
mod serve;
mod token;

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};

use crate::config::{Config, DatabaseUrl, Settings};

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
    /// The tokens that machines send their reports with, and people change things with
    Token {
        #[command(subcommand)]
        action: token::TokenAction,
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

/// Does what the command line asks for.
///
/// # Errors
/// For `main` to print.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(settings) => serve::run(validated(settings)?),
        Command::Token { action } => token::run(action),
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

/// Opening makes the file if there is none; whoever only looks, perhaps in the wrong folder, wants none.
fn database_must_exist(database: &DatabaseUrl) -> anyhow::Result<()> {
    let DatabaseUrl::Sqlite(file) = database else { return Ok(()) };
    let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
    let shown = path.display();
    let found =
        path.try_exists().with_context(|| format!("cannot look for the database {shown} (DATABASE_URL)"))?;
    if !found {
        bail!(
            "there is no database {shown} (DATABASE_URL): name the one that the server uses, or start the server once"
        );
    }
    Ok(())
}

/// Rows in columns, for a terminal; those in `right` hold numbers.
fn table<const N: usize>(rows: &[[String; N]], right: &[usize]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cell = |(column, cell): (usize, &String)| match right.contains(&column) {
            false => format!("{cell:<0$}", widths[column]),
            true => format!("{cell:>0$}", widths[column]),
        };
        let line: Vec<String> = row.iter().enumerate().map(cell).collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}
