//! Tokens: what they let do, and what is told of them.

use report::{FieldError, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name of the one token for everything, which the operator sets or the server makes at its first start.
pub const OPERATOR: &str = "API_TOKEN";

/// Longest name, in characters.
const MOST_CHARACTERS: usize = 255;

/// What a token lets do; each scope includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Send reports, and what an agent does before it measures.
    Submit,
    /// Change what people type, and delete.
    Write,
    /// Tokens and settings.
    Admin,
}

impl Scope {
    /// All, from least to most.
    pub const ALL: [Self; 3] = [Self::Submit, Self::Write, Self::Admin];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The scope of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A token as it is listed; the token itself is known to its bearer alone.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: i64,
    /// What stands in the list of changes for what is done with it.
    pub name: String,
    /// What it lets do.
    pub scope: Scope,
    /// The one device whose reports it may send; null: any.
    pub device: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused; null: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to some minutes.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; null: it was not.
    pub revoked_at: Option<Timestamp>,
}

/// What a new token shall be.
#[derive(Clone, Debug, PartialEq)]
pub struct NewToken {
    /// Its name.
    pub name: String,
    /// What it lets do.
    pub scope: Scope,
    /// The one device whose reports it may send.
    pub device: Option<String>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
}

impl NewToken {
    /// Looks at each field.
    ///
    /// # Errors
    /// Every field that does not fit.
    pub fn check(mut self, now: Timestamp) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut refuse = |path: &str, message: String| errors.push(FieldError::new(path, message));
        self.name = self.name.trim().to_owned();
        if let Err(message) = check_name(&self.name) {
            refuse("name", message);
        } else if self.name == OPERATOR {
            refuse("name", format!("{OPERATOR} is the name of the server's own token, expected another"));
        }
        if let Some(device) = &self.device {
            if let Err(message) = check_name(device) {
                refuse("device", message);
            } else if self.scope != Scope::Submit {
                refuse("device", "only a token of scope submit can be for one device".to_owned());
            }
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            refuse("expires_at", "expected a moment in the future".to_owned());
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// A name that can stand on one line of a log or a table.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), String> {
    let length = name.chars().count();
    if name.trim().is_empty() {
        return Err("empty, expected a name".to_owned());
    }
    if length > MOST_CHARACTERS {
        return Err(format!("{length} characters, expected at most {MOST_CHARACTERS}"));
    }
    if name.chars().any(char::is_control) {
        return Err("holds a control character, expected text on one line".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-24T12:00:00Z").unwrap()
    }

    fn token(name: &str, scope: Scope) -> NewToken {
        NewToken { name: name.to_owned(), scope, device: None, expires_at: None }
    }

    fn refused(token: NewToken) -> Vec<String> {
        token.check(now()).unwrap_err().into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn scopes_include_those_before_them() {
        assert!(Scope::Submit < Scope::Write && Scope::Write < Scope::Admin);
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.as_str()), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
        assert_eq!(Scope::from_name("Admin"), None);
    }

    #[test]
    fn names_are_trimmed_and_checked() {
        assert_eq!(token(" laptop ", Scope::Submit).check(now()).unwrap().name, "laptop");
        for name in ["", "  ", "a\nb", "API_TOKEN", &"x".repeat(256)] {
            assert_eq!(refused(token(name, Scope::Submit)), ["name"], "{name:?}");
        }
        assert!(token(&"é".repeat(255), Scope::Admin).check(now()).is_ok());
    }

    #[test]
    fn only_what_sends_reports_is_for_one_device() {
        let bound = |scope| NewToken { device: Some("nas".to_owned()), ..token("nas", scope) };
        assert!(bound(Scope::Submit).check(now()).is_ok());
        assert_eq!(refused(bound(Scope::Write)), ["device"]);
        assert_eq!(refused(NewToken { device: Some(String::new()), ..bound(Scope::Submit) }), ["device"]);
    }

    #[test]
    fn nothing_expires_before_it_begins() {
        let until = |moment| NewToken { expires_at: Some(moment), ..token("a", Scope::Submit) };
        assert!(until(now().plus_ms(1)).check(now()).is_ok());
        assert_eq!(refused(until(now())), ["expires_at"]);
    }
}
