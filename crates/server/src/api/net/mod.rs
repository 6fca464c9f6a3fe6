//! The network test: one client at a time, and no more than it may have in bytes and time.

mod download;
mod ping;
mod slot;
mod slots;
mod upload;

pub use download::download;
pub use ping::ping;
pub use slot::{give_back, take};
pub use slots::{InSlot, Slots};
pub use upload::upload;
