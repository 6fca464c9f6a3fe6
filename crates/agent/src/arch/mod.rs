//! The only place for `unsafe`, and for what differs between platforms.

pub mod nss;
