//! `benchtools-server`: see `server::cli` for its commands.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match server::cli::run(server::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("benchtools-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
