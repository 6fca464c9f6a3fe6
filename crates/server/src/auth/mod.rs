//! Who may write: the bearer of a token whose scope allows it. Who may read: whom READ_ACCESS lets.

mod bearer;
mod guard;
mod kept;
mod sight;
mod token;
mod tokens;

pub use bearer::{Bearer, require_token};
pub use guard::Guard;
pub use kept::{KeptToken, TokenError, find, find_or_make, read_beside};
pub use sight::{Sight, look_at_reader};
pub use token::{TokenHash, fresh};
pub use tokens::Tokens;
