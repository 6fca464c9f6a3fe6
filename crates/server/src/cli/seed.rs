//! `benchtools-server seed`: not in the help, for it fills a database with machines that are none.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::config::{Config, Settings};
use crate::seed::{Plan, fill};
use crate::store::Store;

/// What to fill it with.
#[derive(Debug, Args)]
pub(super) struct Seed {
    /// How many devices
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    devices: u64,
    /// How many benchmarks they have together
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    benchmarks: u64,
    /// The same number makes the same rows
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    settings: Settings,
}

impl Seed {
    pub(super) fn split(self) -> (Plan, Settings) {
        let Self { devices, benchmarks, seed, settings } = self;
        (Plan { devices, benchmarks, seed }, settings)
    }
}

pub(super) fn run(config: &Config, plan: Plan) -> anyhow::Result<ExitCode> {
    // Several threads: reports are made while others are written.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let opened = Store::open(&config.database, config.database_patience).await;
        let store = opened.with_context(|| format!("cannot open the database {}", config.database))?;
        let filled = fill(&store, plan).await;
        store.close().await;
        anyhow::Ok(filled?)
    })?;
    let Plan { devices, benchmarks, seed: _ } = plan;
    println!("The database {} has {devices} devices and {benchmarks} benchmarks.", config.database);
    Ok(ExitCode::SUCCESS)
}
