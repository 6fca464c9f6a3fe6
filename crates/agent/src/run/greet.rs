//! Before anything is measured: is the server there, does it know our token, what is its fleet key?

use std::path::Path;

use crate::deliver::config::{self, ConfigError, FleetKey};
use crate::deliver::http::Link;
use crate::lang::Lang;
use crate::say;

/// What the run knows of its server.
#[derive(Debug, Default)]
pub(super) struct Greeting {
    /// The key for hashing serial numbers: from the server, or from an earlier run.
    pub(super) fleet_key: Option<FleetKey>,
}

/// Asks the server for its configuration. A server that is away is no reason to stop: the report waits.
///
/// # Errors
/// In words, when the server refuses the token or is at another address: measuring would be for nothing.
pub(super) fn greet(link: Option<&Link>, state: Option<&Path>, lang: Lang) -> Result<Greeting, String> {
    let Some(link) = link else { return Ok(Greeting::default()) };
    match link.config() {
        Ok(answer) => {
            remember(state, link, answer.fleet_key);
            Ok(Greeting { fleet_key: Some(answer.fleet_key) })
        }
        Err(ConfigError::Token(status)) => Err(wrong_token(link, status, lang)),
        Err(ConfigError::Moved(there)) => Err(match lang {
            Lang::En => ConfigError::Moved(there).to_string(),
            Lang::Fr => format!("le serveur renvoie à une autre adresse\u{202f}: utilisez --server {there}"),
        }),
        Err(ConfigError::Away(why)) => {
            let then = lang.pick(
                "going on all the same, the report will wait on this machine",
                "on continue quand même, le rapport attendra sur cette machine",
            );
            say::error(format_args!("benchtools: {why}; {then}"));
            Ok(from_cache(link, state))
        }
        Err(ConfigError::NotOurs(why)) => {
            say::error(format_args!("benchtools: {}: {why}", link.server()));
            Ok(from_cache(link, state))
        }
    }
}

fn wrong_token(link: &Link, status: u16, lang: Lang) -> String {
    let server = link.server();
    match lang {
        Lang::En => format!(
            "{server} does not accept this token (answer {status}); on the server, `benchtools-server token show` tells the right one"
        ),
        Lang::Fr => format!(
            "{server} n’accepte pas ce jeton (réponse {status})\u{202f}; sur le serveur, `benchtools-server token show` donne le bon"
        ),
    }
}

fn remember(state: Option<&Path>, link: &Link, key: FleetKey) {
    let Some(state) = state else { return };
    if let Err(error) = config::cache(state, link.server(), key) {
        // Only a later run without its server would miss it.
        say::error(format_args!("benchtools: the fleet key cannot be kept in {}: {error}", state.display()));
    }
}

fn from_cache(link: &Link, state: Option<&Path>) -> Greeting {
    Greeting { fleet_key: state.and_then(|state| config::cached(state, link.server())) }
}
