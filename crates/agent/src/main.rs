//! Entry of the program: reads the command line, runs the command, ends with its exit code.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    agent::arch::nss::use_files_and_dns();
    agent::cli::Cli::parse();
    ExitCode::SUCCESS
}
