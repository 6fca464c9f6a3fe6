//! Measuring with the real program: the network, and the verdicts that a machine can be made to earn.
#![expect(clippy::unwrap_used, reason = "what a test cannot set up fails the test")]

mod agent;
mod arch;
mod child;
mod limits;
mod net;
mod net_server;
mod staged;
mod staged_storage;
