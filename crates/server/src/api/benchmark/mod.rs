//! Reports on their way in.

mod submit;

pub use submit::submit;
