//! `benchtools-server token revoke`

use std::process::ExitCode;

use anyhow::bail;

use super::{author, with_store};
use crate::cli::{database_must_exist, validated};
use crate::config::Settings;
use crate::store::{Revoked, TokenKey};

/// Which token.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Its name, or its id
    #[arg(value_name = "NAME|ID")]
    token: String,

    #[command(flatten)]
    settings: Settings,
}

/// A name counts before an id.
pub(super) fn run(Arguments { token, settings }: Arguments) -> anyhow::Result<ExitCode> {
    let config = validated(settings)?;
    database_must_exist(&config.database)?;
    let revoked = with_store(&config, async |store| {
        let by_name = store.revoke_token(TokenKey::Name(token.clone()), author()).await?;
        match (by_name, token.parse::<i64>()) {
            (Revoked::Missing, Ok(id)) => Ok(store.revoke_token(TokenKey::Id(id), author()).await?),
            (by_name, _) => Ok(by_name),
        }
    })?;
    match revoked {
        Revoked::Now { name } => {
            println!("Token {name:?} is revoked; a running server refuses it within five seconds.");
        }
        Revoked::Before => println!("Token {token:?} was revoked before."),
        Revoked::Missing => {
            bail!("there is no token {token:?}: `benchtools-server token list` shows them all")
        }
    }
    Ok(ExitCode::SUCCESS)
}
