//! `benchtools-server`: see `server::cli` for its commands.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    server::arch::prepare();
    server::cli::run(server::cli::Cli::parse()).unwrap_or_else(|error| {
        eprintln!("benchtools-server: {error:#}");
        ExitCode::FAILURE
    })
}
