//! `READ_ACCESS`: who may read what is stored.

use super::error::ConfigError;

/// Who may read pages and data without the token. Writing always needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadAccess {
    /// Anyone, everything: a tool for one's own network.
    #[default]
    Open,
    /// Anyone, but without serial numbers, hardware and network addresses, and raw reports.
    Public,
    /// Nobody.
    Token,
}

impl ReadAccess {
    /// Reads the name.
    ///
    /// # Errors
    /// Names the three that there are.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        match text.trim() {
            "open" => Ok(Self::Open),
            "public" => Ok(Self::Public),
            "token" => Ok(Self::Token),
            _ => Err(ConfigError::new(
                "READ_ACCESS",
                format!("{text:?} is no access"),
                "open, public or token",
                "public",
            )),
        }
    }
}
