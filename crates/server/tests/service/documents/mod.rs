//! Documents: in through a form, kept once, out again as nothing but files.

mod access;
mod bad_input;
pub(crate) mod bucket;
pub(crate) mod form;
mod lives;
mod models;
mod photos;
mod sweep;
