//! `AUTH_HEADER`: the header in which a trusted proxy names the user who signed in with it.

use axum::http::{HeaderName, header};

use super::TrustedProxies;
use super::error::ConfigError;

const FORM: &str = "the name of a header that only your proxy sets, and TRUSTED_PROXIES naming that proxy";

/// Reads the name. Where nobody is trusted, anybody could write the header.
pub(super) fn parse(text: &str, proxies: &TrustedProxies) -> Result<HeaderName, ConfigError> {
    let refused = |problem: String| ConfigError::new("AUTH_HEADER", problem, FORM, "Remote-User");
    let name: HeaderName =
        text.trim().parse().map_err(|_| refused(format!("{text:?} is not the name of a header")))?;
    let taken = [header::AUTHORIZATION, header::COOKIE, header::HOST, header::ORIGIN];
    if taken.contains(&name) || name.as_str().starts_with("x-forwarded-") {
        return Err(refused(format!("{text:?} has a meaning of its own")));
    }
    if proxies.is_empty() {
        return Err(refused("TRUSTED_PROXIES is empty, so that anybody could write this header".to_owned()));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_needs_a_name_of_its_own_and_a_proxy_that_is_trusted() {
        let proxies = TrustedProxies::parse("127.0.0.1").unwrap();
        assert_eq!(parse("Remote-User", &proxies).unwrap(), "remote-user");
        for (text, proxies, told) in [
            ("Remote User", &proxies, "not the name of a header"),
            ("Authorization", &proxies, "a meaning of its own"),
            ("X-Forwarded-For", &proxies, "a meaning of its own"),
            ("Remote-User", &TrustedProxies::default(), "TRUSTED_PROXIES is empty"),
        ] {
            let message = parse(text, proxies).unwrap_err().to_string();
            assert!(message.starts_with("AUTH_HEADER") && message.contains(told), "{message}");
        }
    }
}
