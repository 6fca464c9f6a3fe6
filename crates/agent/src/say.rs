//! Words for people, on standard output and on the error output.
//!
//! Nobody may be listening any more (`benchtools run | head -1`); that is no reason to fail, let alone to
//! panic as `println!` does: the report counts, and the exit code tells how it went.

use std::fmt;
use std::io::{self, Write as _};

/// Text on standard output.
pub fn text(text: &str) {
    let _closed = io::stdout().lock().write_all(text.as_bytes());
}

/// A line on standard output.
pub fn line(line: fmt::Arguments<'_>) {
    text(&format!("{line}\n"));
}

/// A line on the error output.
pub fn error(line: fmt::Arguments<'_>) {
    let _closed = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
