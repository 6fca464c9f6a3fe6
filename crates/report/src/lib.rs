//! What a report is: its types, and every decision that agent and server must take alike.
//!
//! Nothing here reads a file, a clock or the network.

pub mod environment;
pub mod hardware;
pub mod identity;
pub mod ids;
pub mod measurement;
pub mod metric;
pub mod missing;
pub mod names;
pub mod number;
mod parse;
#[expect(clippy::module_inception, reason = "the room is called report, and so is its main noun")]
pub mod report;
pub mod results;
mod section;
pub mod text;
pub mod time;

pub use ids::ReportId;
pub use metric::{Component, Direction, MetricId};
pub use names::DeviceIdentifier;
pub use parse::{FieldError, ParseError, parse};
pub use report::{Preset, Report, SCHEMA_VERSION};
pub use time::Timestamp;
