//! Bodies of requests: limited in size, in time and in form, whatever the client sends.

mod collect;
mod csv;
mod decode;
mod json;

pub use collect::Patience;
pub(crate) use collect::{unless_stopping, unsupported};
pub use csv::CsvBytes;
pub(crate) use json::given;
pub use json::{Json, JsonBytes};

/// No document is larger than this, as it comes or decompressed, bytes.
pub const LIMIT_BYTES: usize = 4 * 1024 * 1024;
