//! Devices as a spreadsheet holds them: a row for each, a column for each field.

use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};
use report::{Component, DeviceIdentifier, FieldError};

use super::decimal;
use super::device_edit::ImportRow;
use super::sheet::needs_apostrophe;
use super::typed::{CUSTOM, Typed};

/// A cell takes memory even if it is empty.
const MOST_CELLS: usize = 2_000_000;
/// More errors than this help nobody.
const MOST_ERRORS: usize = 100;

/// Reads a spreadsheet, with commas or semicolons between its cells: semicolons stand there where the comma is the decimal mark.
/// Rows without anything in them are none.
///
/// # Errors
/// Everything that does not fit, by row and column.
pub fn read(bytes: &[u8]) -> Result<Vec<ImportRow>, Vec<FieldError>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = "not UTF-8, expected a spreadsheet saved as CSV in UTF-8";
        vec![FieldError::new("$", format!("{message}: look at byte {}", error.valid_up_to()))]
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let delimiter = delimiter(text);
    let numbers = rows(text, delimiter)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let columns = records.next().and_then(Result::ok).unwrap_or_default();
    if numbers.len().saturating_mul(columns.len()) > MOST_CELLS {
        let message = format!("more than {MOST_CELLS} cells, expected fewer: import it in parts");
        return Err(vec![FieldError::new("$", message)]);
    }
    let columns = Columns::new(&columns, if delimiter == b';' { ',' } else { '.' })?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for (number, record) in numbers.into_iter().skip(1).zip(records) {
        let record =
            record.map_err(|error| vec![FieldError::new(format!("row {number}"), error.to_string())])?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match columns.row(number, &record) {
            Ok(row) if errors.is_empty() => rows.push(row),
            Ok(_) => {}
            Err(wrong) => errors.extend(wrong),
        }
        if errors.len() >= MOST_ERRORS {
            break;
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// What stands between the names of the columns, none of which has either.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' }
}

/// The number of each row that is not empty, from 1, as a spreadsheet counts.
///
/// # Errors
/// Where quotes do not stand as RFC 4180 has them: the reader would take what follows for the same cell, up to the end.
fn rows(text: &str, delimiter: u8) -> Result<Vec<u64>, Vec<FieldError>> {
    let wrong = |number: u64, message: &str| Err(vec![FieldError::new(format!("row {number}"), message)]);
    let (mut numbers, mut number) = (Vec::new(), 0);
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        number += 1;
        let before = rest.len();
        loop {
            if let Some(quoted) = rest.strip_prefix(b"\"") {
                let Some(after) = after_quotes(quoted) else {
                    return wrong(number, "a quote that is not closed, expected \" at the end of the cell");
                };
                rest = after;
            } else {
                let end = |byte: &u8| *byte == delimiter || b"\r\n\"".contains(byte);
                rest = &rest[rest.iter().position(end).unwrap_or(rest.len())..];
            }
            match rest.first() {
                Some(byte) if *byte == delimiter => rest = &rest[1..],
                Some(b'\r' | b'\n') | None => break,
                Some(_) => {
                    let message = "a quote within a cell, expected the cell in quotes and the quote twice";
                    return wrong(number, message);
                }
            }
        }
        if rest.len() < before {
            numbers.push(number);
        }
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
    }
    Ok(numbers)
}

/// What follows a quoted cell; nothing if it does not end. A quote within it stands twice.
fn after_quotes(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let quote = rest.iter().position(|byte| *byte == b'"')?;
        rest = &rest[quote + 1..];
        match rest.strip_prefix(b"\"") {
            Some(within) => rest = within,
            None => return Some(rest),
        }
    }
}

/// The columns.
struct Columns {
    names: Vec<Arc<str>>,
    /// The decimal mark of the numbers in them.
    mark: char,
}

/// Columns beside those of typed fields.
const OWN: [&str; 3] = ["id", "device_identifier", "version"];

/// Columns of an export beside those that an import takes: what counts, and how a device stands, which nobody types. The
/// scores of the components stand between both.
pub const STANDING: ([&str; 16], [&str; 5]) = (
    [
        "effective_name",
        "effective_kind",
        "effective_status",
        "effective_model",
        "effective_hosted_on",
        "model_key",
        "hostname",
        "fqdn",
        "device_url",
        "ranked",
        "score_basis",
        "global_score",
        "ci_low",
        "ci_high",
        "coverage",
        "verdict",
    ],
    ["benchmark_count", "last_benchmark_id", "last_benchmark_at", "created_at", "updated_at"],
);

fn is_passed_over(name: &str) -> bool {
    let component = || name.strip_suffix("_score").and_then(Component::from_name).is_some();
    let (before, after) = STANDING;
    before.contains(&name) || after.contains(&name) || component()
}

impl Columns {
    fn new(record: &StringRecord, mark: char) -> Result<Self, Vec<FieldError>> {
        let names: Vec<Arc<str>> = record.iter().map(|cell| plain(cell).trim().into()).collect();
        let mut errors = Vec::new();
        for (place, name) in names.iter().enumerate() {
            if !OWN.contains(&&**name) && !Typed::is_column(name) && !is_passed_over(name) {
                let all = Typed::FIELDS.iter().filter(|field| **field != "custom");
                let all: Vec<&str> = OWN.iter().chain(all).copied().collect();
                let message = format!("unknown column, expected {} or {CUSTOM}NAME", all.join(", "));
                errors.push(FieldError::new(format!("row 1.{name}"), message));
            } else if names[..place].contains(name) {
                errors.push(FieldError::new(format!("row 1.{name}"), "given twice, expected once"));
            }
        }
        if names.iter().all(|name| name.is_empty()) {
            errors = vec![FieldError::new("row 1", "empty, expected the names of the columns")];
        }
        if errors.is_empty() { Ok(Self { names, mark }) } else { Err(errors) }
    }

    /// A missing cell is no empty one: that would take back what was typed.
    fn row(&self, number: u64, record: &StringRecord) -> Result<ImportRow, Vec<FieldError>> {
        if record.len() != self.names.len() {
            let message =
                format!("{} cells, expected {}, one for each column", record.len(), self.names.len());
            return Err(vec![FieldError::new(format!("row {number}"), message)]);
        }
        let mut row =
            ImportRow { number, id: None, device_identifier: None, version: None, cells: Vec::new() };
        let mut errors = Vec::new();
        for (column, cell) in self.names.iter().zip(record) {
            if let Err(message) = set(&mut row, column, plain(cell), self.mark) {
                errors.push(FieldError::new(format!("row {number}.{column}"), message));
            }
        }
        if errors.is_empty() { Ok(row) } else { Err(errors) }
    }
}

fn set(row: &mut ImportRow, column: &Arc<str>, cell: &str, mark: char) -> Result<(), String> {
    let filled = Some(cell.trim()).filter(|cell| !cell.is_empty());
    let number = |cell: &str| {
        let number = cell.parse::<i64>().ok().filter(|number| *number > 0);
        number.ok_or_else(|| format!("{cell:?}, expected a whole number from 1 on"))
    };
    match &**column {
        "id" => row.id = filled.map(number).transpose()?,
        "version" => row.version = filled.map(number).transpose()?,
        "device_identifier" => row.device_identifier = filled.map(DeviceIdentifier::new).transpose()?,
        field if is_passed_over(field) => {}
        field if Typed::is_number(field) => row.cells.push((column.clone(), decimal::plain(cell, mark)?)),
        _ => row.cells.push((column.clone(), cell.to_owned())),
    }
    Ok(())
}

/// A cell without the apostrophe by which an export keeps spreadsheets from taking it for a formula.
fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if needs_apostrophe(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        read(text.as_bytes()).unwrap_err().into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn commas_and_semicolons_are_read_alike() {
        for text in [
            "id,name,price,custom.rack\n7,'=nas,\"299,90\",\"a \"\"b\"\"\"\n,,,\n,new,,",
            "\u{feff}id;name;price;custom.rack\r\n7;'=nas;299,90;\"a \"\"b\"\"\"\r\n;;;\r\n;new;;\r\n",
        ] {
            let rows = read(text.as_bytes()).unwrap();
            assert_eq!(rows.len(), 2);
            assert_eq!((rows[0].number, rows[0].id, rows[1].number, rows[1].id), (2, Some(7), 4, None));
            let cells: Vec<_> = rows[0].cells.iter().map(|(name, cell)| (&**name, cell.as_str())).collect();
            assert_eq!(cells, [("name", "=nas"), ("price", "299.90"), ("custom.rack", "a \"b\"")]);
        }
    }

    #[test]
    fn the_separator_says_which_mark_is_the_decimal_one() {
        let price = |text: &str| read(text.as_bytes()).map(|rows| rows[0].cells[1].1.clone());
        assert_eq!(price("name;price\nnas;1,234\n").as_deref(), Ok("1.234"));
        assert_eq!(price("name,price\nnas,1.234\n").as_deref(), Ok("1.234"));
        assert_eq!(price("name,price\nnas,\"1,234.50\"\n").as_deref(), Ok("1234.50"));
        assert_eq!(paths("name,price\nnas,\"1,234\"\n"), ["row 2.price"]);
        assert_eq!(paths("name;power_idle_w\nnas;1.234\n"), ["row 2.power_idle_w"]);
        assert_eq!(read(b"name,custom.code\nnas,\"1,234\"\n").unwrap()[0].cells[1].1, "1,234");
    }

    #[test]
    fn what_does_not_fit_is_told_by_row_and_column() {
        assert_eq!(paths(""), ["row 1"]);
        assert_eq!(paths("id,colour,name,name\n"), ["row 1.colour", "row 1.name"]);
        assert_eq!(paths("id,name\nx,a\n2\n3,b,c\n0,d\n"), ["row 2.id", "row 3", "row 4", "row 5.id"]);
        assert_eq!(read(b"name\n\xff").unwrap_err()[0].path, "$");
        assert!(read(b"id,name\n").unwrap().is_empty());
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        assert_eq!(paths("id,name\n\n\r\nx,a"), ["row 4.id"]);
        assert_eq!(paths("\n\nid,name\n1,\"two\nlines\"\nx,a"), ["row 5.id"]);
        assert_eq!(rows("a,b\r\n\r\n\"\"\r\n,\r\n", b',').unwrap(), [1, 3, 4]);
    }

    #[test]
    fn quotes_that_do_not_close_swallow_no_rows() {
        assert_eq!(paths("id,notes\n1,a\n82,\"unclosed\n83,new\n"), ["row 3"]);
        assert_eq!(paths("id,notes\n82,\"x\"y\n"), ["row 2"]);
        assert_eq!(paths("id,notes\n82,5\" disk\n"), ["row 2"]);
        assert_eq!(read(b"id,notes\n82,\"a \"\"b\"\"\"\n").unwrap()[0].cells[0].1, "a \"b\"");
    }
}
