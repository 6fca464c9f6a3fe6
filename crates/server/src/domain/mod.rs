//! What the service decides and knows, apart from how it is stored and shown.

pub mod device_page;
pub mod figure;
pub mod ranking;
pub mod standing;
pub mod submission;
