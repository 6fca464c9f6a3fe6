//! `benchtools-bench`: the project's own figures, each beside its bound and, where there is one, beside a reference that is
//! measured in the same run. A missed bound is printed, not an error.

mod agent;
mod args;
mod clock;
mod compare;
mod disk;
mod documents;
mod figure;
mod ground;
mod ingest;
mod prime;
mod process;
mod reads;
mod server;
mod short;
mod sizes;
mod start;
mod stats;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::{Args, Part};
use crate::figure::Figures;
use crate::ground::Ground;

/// Everything is over by then.
const TOTAL: Duration = Duration::from_secs(1_500);

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> anyhow::Result<ExitCode> {
    let ground = Arc::new(Ground::new(&args.folder)?);
    println!("Files lie in {}.", ground.describe());
    println!("Load average before the start: {} (what else runs here is in every figure).", process::load()?);
    if ground.is_in_memory() {
        bail!("that is in memory: name a folder on a disk with --folder");
    }
    let working = Arc::clone(&ground);
    let work = move || measure(&args, &working);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(first_of(work));
    // Work that was interrupted goes on in its thread until the process ends; its children and files go now.
    ground.clear();
    runtime.shutdown_background();
    ended
}

/// Runs the work in a thread of its own, until it ends, someone interrupts it, or the time is up.
async fn first_of(
    work: impl FnOnce() -> anyhow::Result<ExitCode> + Send + 'static,
) -> anyhow::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        ended = tokio::task::spawn_blocking(work) => ended.context("the measuring thread panicked")?,
        _ = interrupt.recv() => Ok(ExitCode::from(130)),
        _ = terminate.recv() => Ok(ExitCode::from(143)),
        () = tokio::time::sleep(TOTAL) => bail!("not done after {} s: stopped", TOTAL.as_secs()),
    }
}

/// Takes the parts in turn. One that fails costs its own figures, not those of the others.
fn measure(args: &Args, ground: &Ground) -> anyhow::Result<ExitCode> {
    let mut figures = Figures::default();
    let mut code = ExitCode::SUCCESS;
    for part in Part::ALL.into_iter().filter(|part| args.wants(*part)) {
        println!("\n{}:", part.title());
        let result = match part {
            Part::Ingest => ingest::measure(args, ground, &mut figures),
            Part::Reads => reads::measure(args, ground, &mut figures),
            Part::Export => reads::export(args, ground, &mut figures),
            Part::Documents => documents::measure(args, ground, &mut figures),
            Part::Start => start::measure(args, ground, &mut figures),
            Part::Sizes => sizes::measure(args, &mut figures),
            Part::Short => short::measure(args, ground, &mut figures),
            Part::Prime => prime::measure(args, ground, &mut figures),
            Part::Disk => disk::measure(args, ground, &mut figures),
        };
        if let Err(error) = result {
            eprintln!("{}: {error:#}", part.title());
            code = ExitCode::FAILURE;
        }
    }
    println!("\n{figures}");
    figures.write(&args.out)?;
    println!("The same as JSON: {}", args.out.display());
    Ok(code)
}
