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

/// Somebody else's words as one sentence of ours: with one full stop at the end, or the mark that they have.
pub fn sentence(words: &str) -> String {
    let words = words.trim_end();
    match words.chars().last() {
        Some('.' | '?' | '!' | '…') => words.to_owned(),
        _ => format!("{words}."),
    }
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
    fn a_sentence_ends_once() {
        assert_eq!(sentence("the server answered 404"), "the server answered 404.");
        assert_eq!(sentence("There is nothing at this address.\n"), "There is nothing at this address.");
        assert_eq!(sentence("is there a login page in between?"), "is there a login page in between?");
    }

    #[test]
    fn words_of_others_command_no_terminal() {
        assert_eq!(tame("a\x1b[31m\u{9b}2Jb\r\nc\x07"), "a[31m2Jb\nc");
        assert_eq!(tame(&"é".repeat(600)).chars().count(), 500);
    }
}
