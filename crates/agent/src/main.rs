//! Entry of the program: reads the command line, runs the command, ends with its exit code.

use std::io;
use std::process::ExitCode;

use agent::cli::{Cli, Command};
use agent::run::{self, Ending};
use agent::surroundings::Surroundings;
use agent::{arch, doctor, inventory, measure, say, send};
use clap::Parser as _;

fn main() -> ExitCode {
    arch::start::prepare();
    arch::nss::use_files_and_dns();
    let surroundings = Surroundings;
    let ended = match Cli::parse().command {
        Command::Run(args) => run::run(*args, surroundings),
        Command::Inventory(args) => inventory::inventory(&args),
        Command::Send(args) => send::send(&args, surroundings),
        Command::Doctor(args) => doctor::doctor(&args, surroundings),
        Command::Measure { component } => {
            measure::measure_component(component, io::stdin().lock(), io::stdout().lock())
                .map(|()| Ending::Done)
                .map_err(anyhow::Error::from)
        }
    };
    match ended {
        Ok(ending) => ExitCode::from(ending.code()),
        Err(error) => {
            say::error(format_args!("benchtools: {error:#}"));
            ExitCode::from(Ending::Nothing.code())
        }
    }
}
