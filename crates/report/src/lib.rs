//! What a report is: its types, and every decision that agent and server must take alike.
//!
//! Nothing here reads a file, a clock or the network.

mod checked;
pub mod compare;
pub mod environment;
pub mod facts;
pub mod hardware;
pub mod identity;
pub mod ids;
pub mod kind;
mod map;
pub mod measurement;
pub mod metric;
pub mod missing;
pub mod names;
pub mod number;
#[cfg(feature = "openapi")]
mod openapi;
mod parse;
pub mod report;
pub mod results;
pub mod score;
mod section;
pub mod series;
pub mod stats;
pub mod text;
pub mod time;
pub mod verdict;

pub use ids::ReportId;
pub use kind::{DeviceKind, hardware_model, kind, kind_of, model_label};
pub use metric::{Component, Direction, MetricId};
pub use names::DeviceIdentifier;
pub use parse::{FieldError, ParseError, parse, parse_again, read};
pub use report::{Preset, Report, SCHEMA_VERSION};
pub use time::Timestamp;
