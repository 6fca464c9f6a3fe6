//! Other documents than reports: the same refusals.

use report::{ParseError, read};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shelf {
    #[expect(dead_code, reason = "only read")]
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "only read")]
    boards: Vec<Board>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Board {
    #[expect(dead_code, reason = "only read")]
    width: u32,
}

fn refused(text: &str) -> (String, String) {
    match read::<Shelf>(text.as_bytes()) {
        Err(ParseError::Invalid(mut errors)) => {
            let error = errors.remove(0);
            (error.path, error.message)
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_field_that_does_not_fit_is_named_by_its_path() {
    assert!(read::<Shelf>(br#"{"name": "a", "boards": [{"width": 3}]}"#).is_ok());
    for (text, path, message) in [
        (r#"{"boards": []}"#, "name", "missing, expected a value"),
        (r#"{"name": "a", "name": "b"}"#, "name", "given twice, expected once"),
        (r#"{"name": 5}"#, "name", "expected a string"),
        (r#"{"name": "a", "colour": 1}"#, "colour", "unknown field, expected"),
        (r#"{"name": "a", "boards": [{"width": 1}, {"width": "2"}]}"#, "boards[1].width", "expected u32"),
        (
            r#"{"name": "a", "boards": [{"width": 1, "depth": 1}]}"#,
            "boards[0].depth",
            "unknown field, expected",
        ),
        (r#"[]"#, "$", "expected"),
    ] {
        let (found, told) = refused(text);
        assert_eq!(found, path, "{text}: {told}");
        assert!(told.contains(message), "{text}: {told}");
    }
}

#[test]
fn what_is_no_json_is_told_by_its_place() {
    for (text, at) in [(r#"{"name": "a",}"#, (1, 14)), ("{\"name\": 5,\n \"boards\": NaN}", (2, 12))] {
        match read::<Shelf>(text.as_bytes()) {
            Err(ParseError::Malformed { line, column, .. }) => assert_eq!((line, column), at, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(matches!(read::<Shelf>(b"{\"name\": \"\xff\"}"), Err(ParseError::Malformed { .. })));
}
