//! `PUBLIC_URL`: what the server is called from outside.

use std::fmt;

use super::error::ConfigError;
use super::hosts::is_name;

/// An origin, `http(s)://host[:port]`, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: String,
}

impl PublicUrl {
    /// Reads the address.
    ///
    /// # Errors
    /// Says which part does not fit.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let url = url::Url::parse(text).map_err(|error| refused(&format!("{text:?}: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(&format!("{:?} is not a scheme of web pages", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it holds a user or a password"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(refused("it goes on after the host, but the server lives at the root of its name"));
        }
        let Some(host) = url.host_str() else { return Err(refused("the host is missing")) };
        let named = |name: &str| is_name(name.strip_suffix('.').unwrap_or(name));
        if matches!(url.host(), Some(url::Host::Domain(name)) if !named(name)) {
            return Err(refused(&format!("{host:?} is not a name that a host can have")));
        }
        Ok(Self { origin: url.origin().ascii_serialization(), host: host.to_owned() })
    }

    /// The host alone, without the port.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

fn refused(problem: &str) -> ConfigError {
    ConfigError::new(
        "PUBLIC_URL",
        problem,
        "http:// or https://, a host, perhaps a port",
        "https://bench.example.org",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_without_its_slash() {
        let url = PublicUrl::parse("https://Bench.Example.org:8443/").unwrap();
        assert_eq!(
            (url.to_string().as_str(), url.host()),
            ("https://bench.example.org:8443", "bench.example.org")
        );
    }

    #[test]
    fn anything_more_or_less_is_refused() {
        for text in [
            "bench.example.org",
            "ftp://x",
            "https://x/bench",
            "https://u:p@x",
            "https://x/?a",
            "http://a'b;id",
            "http://-x",
            "http://a..b",
            "",
        ] {
            let message = PublicUrl::parse(text).unwrap_err().to_string();
            assert!(message.contains("PUBLIC_URL=https://bench.example.org"), "{message}");
        }
    }
}
