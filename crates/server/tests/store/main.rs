//! The store on both engines.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod bound;
mod engines;
mod newest;
mod noise;
mod refresh;
mod reports;
mod shown;
mod submit;
mod unread;
