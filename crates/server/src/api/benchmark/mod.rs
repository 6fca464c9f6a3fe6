//! Reports on their way in.

mod submit;

pub use submit::{__path_submit, submit};
