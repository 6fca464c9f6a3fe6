//! The token, kept and compared as its SHA-256.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::Secret;

/// SHA-256 of a token. Comparing hashes in constant time tells a guesser nothing about how near a guess was.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Hashes the token.
    pub fn of(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose().as_bytes()).into())
    }

    /// Whether `candidate` is the token.
    pub fn matches(&self, candidate: &[u8]) -> bool {
        let hash: [u8; 32] = Sha256::digest(candidate).into();
        self.0.ct_eq(&hash).into()
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(***)")
    }
}
