//! Rows for spreadsheets: RFC 4180, and nothing in a cell that a spreadsheet would run.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// A word of our own: a time, a code, true or false.
    Word(String),
    /// What machines reported or people typed.
    Text(String),
}

macro_rules! cell_from {
    ($($from:ty => |$value:ident| $make:expr,)*) => {
        $(impl From<$from> for Cell {
            fn from($value: $from) -> Self {
                $make
            }
        })*
    };
}

cell_from! {
    i64 => |value| Self::Int(value),
    u64 => |value| i64::try_from(value).map_or_else(|_| Self::Word(value.to_string()), Self::Int),
    f64 => |value| Self::Real(value),
    bool => |value| Self::Word(value.to_string()),
    report::Timestamp => |value| Self::Word(value.to_string()),
    &str => |value| Self::Text(value.to_owned()),
    String => |value| Self::Text(value),
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// One line, with its end.
pub fn line(cells: impl IntoIterator<Item = Cell>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let text = |cell: Cell| match cell {
        Cell::Empty => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Word(word) => word,
        Cell::Text(text) => harmless(&text).into_owned(),
    };
    writer.write_record(cells.into_iter().map(text)).expect("lines in memory take any cells");
    writer.into_inner().expect("there is nothing left to write")
}

/// With these begins what a spreadsheet takes for a formula.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// True for what a spreadsheet would take for a formula, and for what looks like one that was made harmless: what is written
/// must come back as it was.
pub(super) fn needs_apostrophe(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The text with an apostrophe before what a spreadsheet would take for a formula; numbers stay numbers.
fn harmless(text: &str) -> Cow<'_, str> {
    let number =
        || text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && text.parse::<f64>().is_ok();
    if needs_apostrophe(text) && !number() {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[Cell]) -> String {
        String::from_utf8(line(cells.to_vec())).unwrap()
    }

    #[test]
    fn formulas_are_text_and_numbers_are_numbers() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+49 30 123", "'+49 30 123"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("'=five", "''=five"),
            ("'five", "'five"),
            ("-5", "-5"),
            ("+1.5e3", "+1.5e3"),
            ("-inf", "'-inf"),
            ("-", "'-"),
            ("nas-1", "nas-1"),
        ] {
            assert_eq!(written(&[text.into(), Cell::Int(1)]), format!("{cell},1\r\n"), "{text}");
        }
        assert_eq!(
            written(&[Cell::Real(-5.25), (-7_i64).into(), Cell::Empty, true.into()]),
            "-5.25,-7,,true\r\n"
        );
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        let cells = ["a,b".into(), "he said \"no\"".into(), "two\r\nlines".into(), "=\"x\"\n".into()];
        assert_eq!(written(&cells), "\"a,b\",\"he said \"\"no\"\"\",\"two\r\nlines\",\"'=\"\"x\"\"\n\"\r\n");
        assert_eq!(written(&[Cell::Empty]), "\"\"\r\n", "an empty line would be none");
    }
}
