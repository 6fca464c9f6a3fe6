//! `benchtools-server migrate`

use std::process::ExitCode;

use crate::config::Config;
use crate::store::Store;

/// Opening the database brings it up to date.
pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    super::block_on(async {
        let store = Store::open(&config.database).await?;
        store.close().await;
        anyhow::Ok(())
    })??;
    println!("The database {} is up to date.", config.database);
    Ok(ExitCode::SUCCESS)
}
