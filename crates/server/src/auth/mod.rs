//! Who may write: the bearer of the token.

mod bearer;
mod token;

pub use bearer::require_token;
pub use token::TokenHash;
