//! Is the server there, does it accept the token, do the clocks agree?

use report::Timestamp;

use super::Check;
use crate::cli::ServerArgs;
use crate::clock;
use crate::deliver::config::{AgentConfig, ConfigError};
use crate::plan::Access;
use crate::say;
use crate::surroundings::Surroundings;

/// Beyond this, dates in the report need the server's correction.
const CLOCK_TOLERANCE_MS: i64 = 5_000;

pub(super) fn checks(args: &ServerArgs, surroundings: Surroundings) -> anyhow::Result<Vec<Check>> {
    let Some(server) = &args.server else {
        let advice = "Add --server http://SERVER:8007, with the token in API_TOKEN, to check these too.";
        return Ok(vec![Check::less("server and token: not checked", advice)]);
    };
    let Some(token) = surroundings.variable("API_TOKEN") else {
        let advice = "Set API_TOKEN; on the server, `benchtools-server token show` tells it.";
        return Ok(vec![Check::bad("no token in API_TOKEN", advice)]);
    };
    let access = Access::new(server, &token, args.ca_file.as_deref())?;
    Ok(judge(access.url.as_str(), &access.link()?.config(), clock::now()))
}

fn judge(url: &str, answer: &Result<AgentConfig, ConfigError>, now: Timestamp) -> Vec<Check> {
    let config = match answer {
        Ok(config) => config,
        Err(ConfigError::Token(status)) => {
            let advice = "On the server, `benchtools-server token show` tells the right one.";
            return vec![
                Check::good(format!("server {url} answers")),
                Check::bad(format!("it does not accept the token ({status})"), advice),
            ];
        }
        Err(error @ ConfigError::Moved(_)) => {
            return vec![Check::bad(format!("{url}: {error}"), "A run with this address stops at once.")];
        }
        Err(ConfigError::Away(why)) => {
            let advice = "Reports wait on this machine until it is back. Check address, firewall and proxy.";
            return vec![Check::bad(why.clone(), advice)];
        }
        Err(ConfigError::NotOurs(why)) => {
            let advice = "Check the address; log in to the network if it asks for it.";
            return vec![Check::bad(format!("{url}: {why}"), advice)];
        }
    };
    let version = say::tame(config.server_version.as_deref().unwrap_or("of unknown version"));
    let mut checks = vec![Check::good(format!("server {url} ({version}) answers and accepts the token"))];
    checks.extend(config.time.map(|time| clock_check(now.ms_since(time))));
    checks
}

fn clock_check(ahead_ms: i64) -> Check {
    let seconds = ahead_ms.abs() / 1000;
    let side = if ahead_ms > 0 { "ahead of" } else { "behind" };
    if ahead_ms.abs() <= CLOCK_TOLERANCE_MS {
        return Check::good("this machine's clock agrees with the server's");
    }
    let advice =
        "The server corrects the times of reports. Turn on time synchronisation (chrony, timesyncd).";
    Check::less(format!("this machine's clock is {seconds} s {side} the server's"), advice)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::deliver::answer::Received;

    fn answer(time: &str) -> Result<AgentConfig, ConfigError> {
        let body = format!(r#"{{"fleet_key":"{}","time":"{time}"}}"#, "0f".repeat(32));
        AgentConfig::read(&Received { status: 200, body: body.into_bytes(), ..Received::default() })
    }

    #[test]
    fn a_clock_that_is_off_is_told() {
        let now = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        let states = |time: &str| -> Vec<State> {
            judge("u", &answer(time), now).into_iter().map(|check| check.state).collect()
        };
        assert_eq!(states("2026-03-01T12:00:03Z"), [State::Good, State::Good]);
        let checks = judge("u", &answer("2026-03-01T11:00:00Z"), now);
        assert_eq!(checks[1].found, "this machine's clock is 3600 s ahead of the server's");
    }

    #[test]
    fn a_wrong_token_and_a_server_that_is_away_are_told_apart() {
        let now = Timestamp::from_ms(0);
        let states = |error| -> Vec<State> {
            judge("u", &Err(error), now).into_iter().map(|check| check.state).collect()
        };
        assert_eq!(states(ConfigError::Token(401)), [State::Good, State::Bad]);
        assert_eq!(states(ConfigError::Away("away".to_owned())), [State::Bad]);
    }
}
