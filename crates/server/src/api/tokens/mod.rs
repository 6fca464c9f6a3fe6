//! Tokens of those who may do less than everything.

mod create;
mod list;
mod revoke;

pub use create::{__path_create, create};
pub use list::{__path_list, list};
pub use revoke::{__path_revoke, revoke};
