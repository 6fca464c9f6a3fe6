//! `benchtools-server migrate`

use std::process::ExitCode;

use anyhow::Context;

use crate::config::Config;
use crate::folders::folders;
use crate::store::Store;

/// Opening the database brings it up to date.
pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    for folder in folders(config) {
        folder.check()?;
    }
    super::block_on(async {
        let opened = Store::open(&config.database, config.database_patience).await;
        let store = opened.with_context(|| format!("cannot open the database {}", config.database))?;
        store.close().await;
        anyhow::Ok(())
    })??;
    println!("The database {} is up to date.", config.database);
    Ok(ExitCode::SUCCESS)
}
