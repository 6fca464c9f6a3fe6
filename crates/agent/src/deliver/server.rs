//! Which server a report is for, and the secret that opens it.

use std::fmt;

use serde::{Deserialize, Serialize};
use ureq::http::Uri;

/// Path of the endpoint that takes reports; people may give it with the address.
const BENCHMARK: &str = "/api/benchmark";

/// The base address of a server: scheme, host, port and perhaps a path, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(String);

/// Why an address cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no server address: {problem}")]
pub struct ServerUrlError {
    given: String,
    problem: String,
}

impl ServerUrl {
    /// Reads the base address, or the full address of the endpoint. Without a scheme it is `http`.
    ///
    /// # Errors
    /// If it is no http or https address, or if it holds a user name, a query or a fragment.
    pub fn parse(given: &str) -> Result<Self, ServerUrlError> {
        let error = |problem: &str| ServerUrlError { given: given.to_owned(), problem: problem.to_owned() };
        let trimmed = given.trim();
        let full = if trimmed.contains("://") { trimmed.to_owned() } else { format!("http://{trimmed}") };
        if full.contains(['?', '#']) {
            return Err(error("a query or fragment has no place in it"));
        }
        let uri: Uri = full.parse().map_err(|cause| error(&format!("{cause}")))?;
        let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(error("expected http:// or https://"));
        }
        let authority = uri.authority().filter(|authority| !authority.host().is_empty());
        let authority = authority.ok_or_else(|| error("expected a host, such as http://server:8007"))?;
        if authority.as_str().contains('@') {
            return Err(error("a user name has no place in it, the token goes into API_TOKEN"));
        }
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix(BENCHMARK).unwrap_or(path).trim_end_matches('/');
        Ok(Self(format!("{scheme}://{}{path}", authority.as_str().to_ascii_lowercase())))
    }

    /// The address of an endpoint; `path` begins with a slash.
    pub fn endpoint(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The base address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// There is a path behind host and port.
    pub fn has_path(&self) -> bool {
        self.0.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
    }

    /// Host name or address, without brackets around an IPv6 address.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or(authority);
        match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((address, _)) => address,
            None => authority.split(':').next().unwrap_or(authority),
        }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = ServerUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.0
    }
}

/// The token: never shown, not in debug output either.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Checks that it can travel in a header.
    ///
    /// # Errors
    /// If it is empty, or holds anything but visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("API_TOKEN is empty, expected the server's token");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("API_TOKEN holds blanks or characters outside ASCII, expected the server's token");
        }
        Ok(Self(text.to_owned()))
    }

    /// The value of the `Authorization` header.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// The plain secret.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_and_full_address_mean_the_same_server() {
        for given in [
            "http://bench.lan:8007",
            "http://bench.lan:8007/",
            "http://bench.lan:8007/api/benchmark",
            "http://bench.lan:8007/api/benchmark/",
            "HTTP://Bench.LAN:8007",
            "bench.lan:8007",
        ] {
            assert_eq!(ServerUrl::parse(given).unwrap().as_str(), "http://bench.lan:8007", "{given}");
        }
    }

    #[test]
    fn a_path_in_front_stays() {
        let url = ServerUrl::parse("https://tools.example/bench/api/benchmark").unwrap();
        assert_eq!(url.endpoint("/api/benchmark"), "https://tools.example/bench/api/benchmark");
    }

    #[test]
    fn hosts_are_found() {
        let host = |text: &str| ServerUrl::parse(text).unwrap().host().to_owned();
        assert_eq!(host("http://[fd00::1]:8007"), "fd00::1");
        assert_eq!(host("http://10.0.0.1:8007/x"), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_reason() {
        for (given, problem) in [
            ("ftp://server", "http://"),
            ("http://", "is no server address"),
            ("http://user:secret@server", "user name"),
            ("http://server/?token=x", "query"),
            ("http://se rver", "is no server address"),
            ("", "is no server address"),
        ] {
            let error = ServerUrl::parse(given).unwrap_err().to_string();
            assert!(error.contains(problem), "{given}: {error}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let token = Token::parse(" s3cret\n").unwrap();
        assert_eq!(format!("{token:?}"), "Token(..)");
        assert_eq!(token.bearer(), "Bearer s3cret");
        assert!(Token::parse("two words").is_err());
        assert!(Token::parse("").is_err());
    }
}
