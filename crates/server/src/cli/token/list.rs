//! `benchtools-server token list`

use std::fmt::Write;
use std::process::ExitCode;

use report::Timestamp;

use super::with_store;
use crate::cli::{database_must_exist, table};
use crate::clock;
use crate::config::Config;
use crate::domain::paging::{ListId, Paging, Start};
use crate::domain::token::Token;

/// Tokens that are read at a time.
const PART: u32 = 500;

/// Prints the tokens, for a terminal: the newest first.
pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    database_must_exist(&config.database)?;
    let tokens = with_store(config, async |store| {
        let mut tokens = Vec::new();
        let mut paging =
            Paging { list: ListId::of("tokens", std::iter::empty()), start: Start::First, page_size: PART };
        loop {
            let part = store.tokens(&paging).await?;
            tokens.extend(part.items);
            let Some(place) = part.next else { return Ok(tokens) };
            paging.start = Start::Behind(place);
        }
    })?;
    print!("{}", listed(&tokens, clock::now()));
    Ok(ExitCode::SUCCESS)
}

fn listed(tokens: &[Token], now: Timestamp) -> String {
    let mut rows =
        vec![["id", "name", "scope", "device", "made", "ends", "last used", ""].map(str::to_owned)];
    rows.extend(tokens.iter().map(|token| row(token, now)));
    let mut text = table(&rows, &[0]);
    if tokens.is_empty() {
        writeln!(text, "No token was made yet; API_TOKEN is not listed.").expect("text grows");
    }
    text
}

fn row(token: &Token, now: Timestamp) -> [String; 8] {
    let Token { id, name, scope, device, created_at, expires_at, last_used_at, revoked_at } = token;
    let state = match (revoked_at, expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if *end <= now => "expired",
        _ => "",
    };
    let device = device.clone().unwrap_or_else(|| "any".to_owned());
    let or = |time: &Option<Timestamp>, never: &str| time.map_or(never.to_owned(), minute);
    [
        id.to_string(),
        name.clone(),
        scope.as_str().to_owned(),
        device,
        minute(*created_at),
        or(expires_at, "never"),
        or(last_used_at, "never"),
        state.to_owned(),
    ]
}

/// `2026-11-24 12:00`, UTC.
fn minute(time: Timestamp) -> String {
    time.to_string().chars().take(16).collect::<String>().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::token::Scope;

    #[test]
    fn it_tells_what_each_token_may_do_and_how_it_stands() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let token = Token {
            id: 7,
            name: "laptop".to_owned(),
            scope: Scope::Submit,
            device: Some("laptop.lan".to_owned()),
            created_at: at("2026-11-24T12:00:59Z"),
            expires_at: None,
            last_used_at: Some(at("2026-11-25T12:00:00Z")),
            revoked_at: None,
        };
        let over =
            Token { id: 8, device: None, expires_at: Some(at("2026-11-25T00:00:00Z")), ..token.clone() };
        let revoked =
            Token { id: 10, last_used_at: None, revoked_at: Some(token.created_at), ..token.clone() };
        insta::assert_snapshot!(listed(&[revoked, over, token], at("2026-11-26T00:00:00Z")), @"
        id  name    scope   device      made              ends              last used
        10  laptop  submit  laptop.lan  2026-11-24 12:00  never             never             revoked
         8  laptop  submit  any         2026-11-24 12:00  2026-11-25 00:00  2026-11-25 12:00  expired
         7  laptop  submit  laptop.lan  2026-11-24 12:00  never             2026-11-25 12:00
        ");
        assert!(listed(&[], at("2026-11-26T00:00:00Z")).contains("No token was made yet"));
    }
}
