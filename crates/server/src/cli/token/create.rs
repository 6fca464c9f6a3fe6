//! `benchtools-server token create`

use std::process::ExitCode;

use anyhow::bail;

use super::{author, expiry, with_store};
use crate::auth::{self, TokenHash};
use crate::cli::validated;
use crate::config::Settings;
use crate::domain::token::{NewToken, Scope};
use crate::folders::folders;

/// What the token shall be.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Its name, which stands in the list of changes for what is done with it
    #[arg(long)]
    name: String,

    /// What it lets do: submit (send reports), write (also change and delete) or admin (also tokens and settings)
    #[arg(long, value_parser = scope)]
    scope: Scope,

    /// With scope submit: the only device whose reports it may send
    #[arg(long, value_name = "NAME")]
    device: Option<String>,

    /// When it ends: after 12h, 90d or 4w, or at a moment: 2027-01-31 or 2027-01-31T12:00:00Z [default: never]
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,

    #[command(flatten)]
    settings: Settings,
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::from_name(text).ok_or_else(|| "expected submit, write or admin".to_owned())
}

/// Prints the token alone, for `$(…)`; what else there is to say goes to standard error.
pub(super) fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { name, scope, device, expires, settings } = arguments;
    let config = validated(settings)?;
    let author = author();
    let expires_at = expires.map(|text| expiry::parse(&text, author.at)).transpose()?;
    let new = match (NewToken { name, scope, device, expires_at }).check(author.at) {
        Ok(new) => new,
        Err(errors) => {
            let told: Vec<_> =
                errors.iter().map(|error| format!("{}: {}", error.path, error.message)).collect();
            bail!("{}", told.join("; "));
        }
    };
    for folder in folders(&config) {
        folder.check()?;
    }
    let name = new.name.clone();
    let token = auth::fresh()?;
    let hash = TokenHash::of(&token).bytes();
    let made = with_store(&config, async |store| Ok(store.create_token(new, hash, author).await?))?;
    let Some(made) = made else {
        bail!(
            "a token named {name:?} is there already: `benchtools-server token revoke` it, or take another name"
        );
    };
    println!("{}", token.expose());
    let until = made.expires_at.map_or("until it is revoked".to_owned(), |end| format!("until {end}"));
    eprintln!("Token {name:?} (id {}, scope {}) is good {until}. It is shown once.", made.id, scope.as_str());
    Ok(ExitCode::SUCCESS)
}
