//! Words for people, on standard output and on the error output.
//!
//! Nobody may be listening any more (`benchtools run | head -1`); that is no reason to fail, let alone to
//! panic as `println!` does: the report counts, and the exit code tells how it went.

use std::fmt;
use std::io::{self, Write as _};

/// More of somebody else's words, characters, tells nobody more.
const LONGEST: usize = 500;

/// Somebody else's words without what commands a terminal, and no longer than people read.
pub fn tame(words: &str) -> String {
    words.chars().filter(|c| *c == '\n' || !c.is_control()).take(LONGEST).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_command_no_terminal() {
        assert_eq!(tame("a\x1b[31m\u{9b}2Jb\r\nc\x07"), "a[31m2Jb\nc");
        assert_eq!(tame(&"é".repeat(600)).chars().count(), 500);
    }
}
