//! `benchtools-server`: see `server::cli` for its commands.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Two thirds of a report's time is many small pieces of text, taken and given back by several threads: the C library's
/// allocator is slow at that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::arch::prepare();
    server::cli::run(server::cli::Cli::parse()).unwrap_or_else(|error| {
        eprintln!("benchtools-server: {error:#}");
        ExitCode::FAILURE
    })
}
