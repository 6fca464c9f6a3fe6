//! Who may write: the bearer of the token.

mod bearer;
mod kept;
mod token;

pub use bearer::require_token;
pub use kept::{KeptToken, TokenError, find, find_or_make, read_beside};
pub use token::TokenHash;
