//! Who may write: the bearer of the token. Who may read: whom READ_ACCESS lets.

mod bearer;
mod kept;
mod sight;
mod token;

pub use bearer::{Bearer, require_token};
pub use kept::{KeptToken, TokenError, find, find_or_make, read_beside};
pub use sight::{Sight, look_at_reader};
pub use token::TokenHash;
