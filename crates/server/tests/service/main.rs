//! The service as a client meets it: a real server on a real socket, on SQLite in a temporary folder or on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod bad_input;
mod cli;
mod client;
mod common;
mod compression;
mod documents;
mod edge;
mod engines;
mod export;
mod faults;
mod health;
mod history;
mod limits;
mod links;
mod logs;
mod net;
mod openapi;
mod postgres;
mod process;
mod prometheus;
mod reads;
mod reports;
mod seed;
mod settled;
mod several;
mod shutdown;
mod stalled;
mod tutorial;
mod typed;
