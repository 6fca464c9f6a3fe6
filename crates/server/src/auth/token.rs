//! Tokens, kept and compared as their SHA-256.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::Secret;

/// How the tokens that we make begin: a scanner for leaked secrets knows them by it.
const PREFIX: &str = "bt_";

/// SHA-256 of a token. Comparing hashes in constant time tells a guesser nothing about how near a guess was; nor does
/// looking one up in a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Hashes the token.
    pub fn of(token: &Secret) -> Self {
        Self::of_bytes(token.expose().as_bytes())
    }

    /// Hashes what a client sent.
    pub(super) fn of_bytes(candidate: &[u8]) -> Self {
        Self(Sha256::digest(candidate).into())
    }

    /// Whether the other is of the same token.
    pub(super) fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// As it is stored.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(***)")
    }
}

/// A new token: 256 random bits.
///
/// # Errors
/// When the kernel gives no random numbers.
pub fn fresh() -> Result<Secret, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(Secret::new(format!("{PREFIX}{}", hex::encode(bytes))))
}

/// Whether this could be a token that we made; if not, the database need not be asked.
pub(super) fn looks_made(candidate: &[u8]) -> bool {
    candidate.strip_prefix(PREFIX.as_bytes()).is_some_and(|rest| rest.len() == 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_token_is_known_by_its_form_and_never_shown() {
        let (one, other) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(one, other);
        assert!(looks_made(one.expose().as_bytes()) && !looks_made(b"bt_short") && !looks_made(b"password"));
        assert!(TokenHash::of(&one).matches(&TokenHash::of_bytes(one.expose().as_bytes())));
        assert!(!TokenHash::of(&one).matches(&TokenHash::of(&other)));
        assert_eq!(format!("{one:?} {:?}", TokenHash::of(&one)), "*** TokenHash(***)");
    }
}
