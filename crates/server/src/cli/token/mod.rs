//! `benchtools-server token`: makes, lists, revokes and shows tokens.

mod create;
mod expiry;
mod list;
mod revoke;
mod show;

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;

use super::validated;
use crate::clock;
use crate::config::{Config, Settings};
use crate::domain::change::Author;
use crate::store::Store;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum TokenAction {
    /// Print the one token for everything
    Show(Settings),
    /// Make a token that may do less, or ends; it is printed this once
    Create(create::Arguments),
    /// List the tokens that were made
    List(Settings),
    /// Refuse a token from now on; a running server notices within five seconds
    Revoke(revoke::Arguments),
}

/// Does it.
pub(super) fn run(action: TokenAction) -> anyhow::Result<ExitCode> {
    match action {
        TokenAction::Show(settings) => show::show(&validated(settings)?),
        TokenAction::Create(arguments) => create::run(arguments),
        TokenAction::List(settings) => list::run(&validated(settings)?),
        TokenAction::Revoke(arguments) => revoke::run(arguments),
    }
}

/// Who stands in the list of changes for what is done here.
fn author() -> Author {
    Author { name: "command line".to_owned(), at: clock::now() }
}

/// Does this with the database.
fn with_store<T, F: Future<Output = anyhow::Result<T>>>(
    config: &Config,
    work: impl FnOnce(Store) -> F,
) -> anyhow::Result<T> {
    super::block_on(async {
        let opened = Store::open(&config.database, config.database_patience).await;
        let store = opened.with_context(|| format!("cannot open the database {}", config.database))?;
        let done = work(store.clone()).await;
        store.close().await;
        done
    })?
}
