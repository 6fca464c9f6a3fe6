//! `API_TOKEN`: taken as it is, unless it is one that stands in every example.

use super::Secret;
use super::error::ConfigError;

const FORM: &str = "printable characters without spaces, at least 8; make one with: \
                    head -c 32 /dev/urandom | sha256sum | cut -c1-43 — or leave it empty and the server makes one";
const EXAMPLE: &str = "the output of that command";

/// Accepts the operator's token.
pub(super) fn validate(token: Secret) -> Result<Secret, ConfigError> {
    let text = token.expose();
    if matches!(text, "CHANGE_ME" | "SUPER_SECRET_TOKEN") {
        return Err(refused(&format!("{text} is the value of the examples, which everybody knows")));
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(refused("it holds a space or a character that no HTTP header can carry"));
    }
    if text.len() < 8 {
        return Err(refused("it is too short to be a secret"));
    }
    Ok(token)
}

fn refused(problem: &str) -> ConfigError {
    ConfigError::new("API_TOKEN", problem, FORM, EXAMPLE)
}
