//! The network test: one client at a time, and no more than it may have in bytes and time.

mod download;
mod ping;
mod slot;
mod slots;
mod upload;

pub use download::{__path_download, download};
pub use ping::{__path_ping, ping};
pub use slot::{__path_give_back, __path_take, give_back, take};
pub use slots::{InSlot, Slots};
pub use upload::{__path_upload, upload};
