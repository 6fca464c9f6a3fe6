//! What every request passes on its way in and out: id, client address, Host, errors, headers, log.

mod around;
mod base_url;
mod client;
mod compress;
mod cors;
mod cross_site;
mod headers;
mod host;
mod problem;
mod request_id;

pub use around::around;
pub use base_url::BaseUrl;
pub use client::{ClientAddress, Peer};
pub(crate) use compress::{compressed, takes_gzip};
pub(crate) use cors::cors;
pub use cross_site::check_site;
pub(crate) use cross_site::{cross_site, is_cross_site};
pub use host::check_host;
pub use problem::{Problem, Refusal, method_not_allowed, not_found};
pub use request_id::{RequestId, RequestIds};
