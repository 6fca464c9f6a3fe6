//! `CORS_ORIGINS`: which other sites' pages may speak to the API.

use axum::http::HeaderValue;

use super::error::ConfigError;

const VARIABLE: &str = "CORS_ORIGINS";
const FORM: &str = "origins with commas (scheme, host, perhaps a port), or * for any";
const EXAMPLE: &str = "https://grafana.example.org";

/// The sites whose pages may speak to the API, with a token; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CorsOrigins {
    /// No other site.
    #[default]
    Closed,
    /// Any.
    Any,
    /// These, as browsers write them in `Origin`.
    Listed(Vec<HeaderValue>),
}

impl CorsOrigins {
    /// Reads the list.
    ///
    /// # Errors
    /// Names the entry that is no origin.
    pub fn parse(list: &str) -> Result<Self, ConfigError> {
        let entries: Vec<&str> = list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
        match entries.as_slice() {
            [] => Ok(Self::Closed),
            ["*"] => Ok(Self::Any),
            entries => entries.iter().map(|entry| origin(entry)).collect::<Result<_, _>>().map(Self::Listed),
        }
    }

    /// Whether pages of this origin may speak to the API.
    pub fn allows(&self, origin: &HeaderValue) -> bool {
        match self {
            Self::Closed => false,
            Self::Any => true,
            Self::Listed(listed) => listed.contains(origin),
        }
    }
}

fn origin(entry: &str) -> Result<HeaderValue, ConfigError> {
    let refused = |problem: &str| ConfigError::new(VARIABLE, format!("{entry:?} {problem}"), FORM, EXAMPLE);
    if entry == "*" {
        return Err(refused("stands beside others, which it includes"));
    }
    let url = url::Url::parse(entry).map_err(|_| refused("is no origin"))?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(refused("is no origin of a page"));
    }
    if !bare || !anonymous {
        return Err(refused("holds more than an origin"));
    }
    HeaderValue::from_str(&url.origin().ascii_serialization()).map_err(|_| refused("is no origin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_kept_as_browsers_write_them() {
        let listed =
            CorsOrigins::parse("https://Grafana.example.org/, http://nas:3000,https://x:443").unwrap();
        for origin in ["https://grafana.example.org", "http://nas:3000", "https://x"] {
            assert!(listed.allows(&HeaderValue::from_static(origin)), "{origin}");
        }
        for origin in ["http://grafana.example.org", "http://nas", "null", "https://x:443"] {
            assert!(!listed.allows(&HeaderValue::from_static(origin)), "{origin}");
        }
        let any = HeaderValue::from_static("https://evil.example.com");
        assert!(CorsOrigins::parse("*").unwrap().allows(&any));
        assert!(!CorsOrigins::parse(" , ").unwrap().allows(&any));
    }

    #[test]
    fn a_wrong_entry_is_named() {
        for (list, named) in [
            ("grafana.example.org", "grafana.example.org"),
            ("https://a.example,*", "*"),
            ("https://a.example/path", "https://a.example/path"),
            ("https://u:p@a.example", "a.example"),
            ("ftp://a.example", "ftp://a.example"),
        ] {
            let message = CorsOrigins::parse(list).unwrap_err().to_string();
            assert!(message.starts_with("CORS_ORIGINS") && message.contains(named), "{message}");
        }
    }
}
