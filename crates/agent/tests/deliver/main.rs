//! Delivery with the real program: the way of a report, and bench.sh.
#![expect(clippy::unwrap_used, reason = "what a test cannot set up fails the test")]

mod bench_sh;
mod delivery;
mod elsewhere;
mod support;
