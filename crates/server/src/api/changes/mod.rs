//! Who changed what.

mod list;

pub use list::{__path_list, list};
