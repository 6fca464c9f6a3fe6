//! The only place for `unsafe`, and for what differs between platforms.

pub mod cpuid;
pub(crate) mod division;
pub(crate) mod features;
pub mod interfaces;
pub mod matrix;
pub mod nss;
pub mod nvme;
pub mod start;
pub mod tcp;
pub mod uring;
