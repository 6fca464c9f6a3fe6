//! What the service decides and knows, apart from how it is stored and shown.

pub mod benchmark;
pub mod benchmark_query;
pub mod change;
pub mod comparison;
pub mod device;
pub mod device_groups;
pub mod device_page;
pub mod device_query;
pub mod figure;
pub mod fold;
pub mod gauges;
pub mod link;
pub mod metric;
pub mod paging;
pub mod privacy;
pub mod ranking;
pub mod remarks;
pub mod settings;
pub mod sheet;
pub mod shown;
pub mod snapshot;
pub mod standing;
pub mod stats;
pub mod submission;
pub mod token;
pub mod typed;
