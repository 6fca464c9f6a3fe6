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

/// No JSON document is larger than this, as it comes or decompressed, bytes.
pub const LIMIT_BYTES: usize = 4 * MIB;
/// No spreadsheet is: with what people write, the export of all devices is larger than any document.
pub const CSV_LIMIT_BYTES: usize = 64 * MIB;

const MIB: usize = 1024 * 1024;
