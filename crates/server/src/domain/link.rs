//! Links: outside addresses that people keep with a device.

use report::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

/// Where a link leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// How it is used.
    Manual,
    /// The maker's pages on it.
    Support,
    /// Drivers and firmware.
    Drivers,
    /// The mainboard's firmware.
    Bios,
    /// Where it, or parts of it, can be bought.
    Shop,
    /// What others measured or think.
    Review,
    /// Anything else.
    #[default]
    Other,
}

impl LinkKind {
    const ALL: [Self; 7] =
        [Self::Manual, Self::Support, Self::Drivers, Self::Bios, Self::Shop, Self::Review, Self::Other];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Support => "support",
            Self::Drivers => "drivers",
            Self::Bios => "bios",
            Self::Shop => "shop",
            Self::Review => "review",
            Self::Other => "other",
        }
    }

    /// The kind of that name; rows hold no other.
    pub fn from_stored(name: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).unwrap_or_default()
    }
}

/// An address that a browser may be led to: http or https, and nothing secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = "uri", max_length = 2000, example = "https://www.example.com/support/x1")]
pub struct LinkUrl(Url);

/// Characters of an address at most, as it is written and as it is kept.
const MAX_URL: usize = 2_000;

/// Why an address was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkUrlError {
    /// Too long.
    #[error("longer than {MAX_URL} characters")]
    TooLong,
    /// A browser would leave them out, and what is shown would not be where it leads.
    #[error("holds control characters, expected an address without any")]
    Control,
    /// Not an address.
    #[error("not an address ({0}), expected one that begins with http:// or https://")]
    NotAnAddress(#[from] url::ParseError),
    /// `javascript:` and its like.
    #[error("begins with {0}:, expected http:// or https://")]
    Scheme(String),
    /// Whoever sees the link would see them.
    #[error("holds a user name or password, expected an address without any")]
    Credentials,
}

impl LinkUrl {
    /// Looks at it as a browser would.
    ///
    /// # Errors
    /// What is wrong, and what was expected.
    pub fn parse(text: &str) -> Result<Self, LinkUrlError> {
        let text = text.trim_matches(' ');
        if text.chars().count() > MAX_URL {
            return Err(LinkUrlError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(LinkUrlError::Control);
        }
        let url = Url::parse(text)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(LinkUrlError::Scheme(url.scheme().chars().take(40).collect()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(LinkUrlError::Credentials);
        }
        if url.as_str().len() > MAX_URL {
            return Err(LinkUrlError::TooLong);
        }
        Ok(Self(url))
    }

    /// The address, with everything escaped that needs to be.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The machine that it leads to.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl TryFrom<String> for LinkUrl {
    type Error = LinkUrlError;

    fn try_from(text: String) -> Result<Self, LinkUrlError> {
        Self::parse(&text)
    }
}

/// One line of text that people typed, as it is shown to people: 1 to 255 characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(as = Label, value_type = String, min_length = 1, max_length = 255, pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")]
pub struct Line(String);

/// Characters of a line at most.
const MAX_LINE: usize = 255;

/// Why a line was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nothing in it.
    #[error("empty, expected 1 to {MAX_LINE} characters")]
    Empty,
    /// Too much in it.
    #[error("{0} characters, expected at most {MAX_LINE}")]
    TooLong(usize),
    /// More than one line, or what no one sees.
    #[error("holds control characters, expected one line of text")]
    Control,
}

impl Line {
    /// Looks at it, without the blanks around it.
    ///
    /// # Errors
    /// What is wrong, and what was expected.
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let text = text.trim();
        let length = text.chars().count();
        if text.is_empty() {
            return Err(LineError::Empty);
        }
        if length > MAX_LINE {
            return Err(LineError::TooLong(length));
        }
        if text.chars().any(char::is_control) {
            return Err(LineError::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Line {
    type Error = LineError;

    fn try_from(text: String) -> Result<Self, LineError> {
        Self::parse(&text)
    }
}

/// A link as people type it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "Drivers", "url": "https://www.example.com/support/x1", "kind": "drivers"}))]
pub struct TypedLink {
    /// What it is called; the machine that it leads to where absent.
    pub label: Option<Line>,
    /// Where it leads: http or https, without user name and password.
    pub url: LinkUrl,
    /// What is found there; `other` where absent.
    pub kind: Option<LinkKind>,
}

/// What is to change of a link; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "Drivers and firmware"}))]
pub struct LinkPatch {
    /// What it is called.
    pub label: Option<Line>,
    /// Where it leads: http or https, without user name and password.
    pub url: Option<LinkUrl>,
    /// What is found there.
    pub kind: Option<LinkKind>,
}

impl From<TypedLink> for LinkPatch {
    /// Everything changes: what was left out is filled in.
    fn from(TypedLink { label, url, kind }: TypedLink) -> Self {
        let label = label.unwrap_or_else(|| Line(url.host().to_owned()));
        Self { label: Some(label), url: Some(url), kind: Some(kind.unwrap_or_default()) }
    }
}

/// A link as it is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeviceLink)]
pub struct Link {
    /// Never used again for another.
    pub id: i64,
    /// Whose it is.
    pub device_id: i64,
    /// What it is called.
    pub label: String,
    /// Where it leads.
    #[schema(format = "uri")]
    pub url: String,
    /// What is found there.
    pub kind: LinkKind,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_a_browser_understands_it() {
        for (text, kept) in [
            ("https://example.com", "https://example.com/"),
            ("  HTTP://Example.COM:80/a b?q=\"x\"  ", "http://example.com/a%20b?q=%22x%22"),
            ("https://büro.example/é", "https://xn--bro-hoa.example/%C3%A9"),
            ("https://[2001:db8::1]:8443/x#y", "https://[2001:db8::1]:8443/x#y"),
            ("https:example.com", "https://example.com/"),
        ] {
            assert_eq!(LinkUrl::parse(text).unwrap().as_str(), kept, "{text}");
        }
    }

    #[test]
    fn what_a_browser_would_run_or_hide_is_refused() {
        for text in [
            "javascript:alert(1)",
            "JavaScript:alert(1)//https://example.com",
            "java\tscript:alert(1)",
            "data:text/html,<script>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.com/",
            "mailto:a@example.com",
            "//example.com/x",
            "/x",
            "",
            "example.com",
            "https://",
            "https://user@example.com/",
            "https://user:password@example.com/",
            "https://example.com/\n",
            "https://exa\0mple.com/",
        ] {
            let error = LinkUrl::parse(text).unwrap_err().to_string();
            assert!(error.contains("expected"), "{text}: {error}");
        }
    }

    #[test]
    fn its_length_is_that_of_what_is_kept() {
        let long = |count: usize, letter: &str| format!("https://a.example/{}", letter.repeat(count));
        assert!(LinkUrl::parse(&long(1982, "x")).is_ok());
        assert_eq!(LinkUrl::parse(&long(1983, "x")), Err(LinkUrlError::TooLong));
        assert_eq!(
            LinkUrl::parse(&long(400, "é")),
            Err(LinkUrlError::TooLong),
            "six bytes each when escaped"
        );
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(Line::parse("  Büro 🖥 ").unwrap().as_str(), "Büro 🖥");
        assert_eq!(Line::parse(" "), Err(LineError::Empty));
        assert_eq!(Line::parse("a\nb"), Err(LineError::Control));
        assert!(Line::parse(&"é".repeat(255)).is_ok());
        assert_eq!(Line::parse(&"é".repeat(256)), Err(LineError::TooLong(256)));
    }

    #[test]
    fn every_kind_comes_back_by_its_name() {
        for kind in LinkKind::ALL {
            assert_eq!(LinkKind::from_stored(kind.as_str()), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
