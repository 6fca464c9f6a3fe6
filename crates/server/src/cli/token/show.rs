//! `benchtools-server token show`

use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::auth;
use crate::config::{Config, DatabaseUrl, Secret};
use crate::store::Store;

/// Prints the token alone, for `$(…)`.
pub(super) fn show(config: &Config) -> anyhow::Result<ExitCode> {
    let Some(token) = crate::cli::block_on(find(config))?? else {
        bail!("no token was made yet: start the server once, or set API_TOKEN");
    };
    println!("{}", token.expose());
    Ok(ExitCode::SUCCESS)
}

async fn find(config: &Config) -> anyhow::Result<Option<Secret>> {
    if config.api_token.is_some() {
        return Ok(config.api_token.clone());
    }
    match &config.database {
        DatabaseUrl::Sqlite(file) => Ok(auth::read_beside(file)?),
        DatabaseUrl::Postgres(_) => {
            let store = Store::open(&config.database, config.database_patience)
                .await
                .context("the token is kept in the database")?;
            let token = auth::find(config, &store).await?;
            store.close().await;
            Ok(token)
        }
    }
}
