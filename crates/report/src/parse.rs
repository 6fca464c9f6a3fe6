//! From bytes to a validated report, or to an error that names the place.

use crate::measurement::Measurement;
use crate::report::{Report, SCHEMA_VERSION};

/// Why a document is not a report.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// Not JSON at all.
    #[error("not JSON: {message} at line {line} column {column}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was wrong.
        message: String,
    },
    /// JSON, but a field is missing, of the wrong type or out of its range.
    #[error("{}", list(.0))]
    Invalid(Vec<FieldError>),
    /// Made by a newer agent; worth keeping until the server is newer too.
    #[error("schema_version {found} is newer than {SCHEMA_VERSION}, the newest that this server knows")]
    SchemaTooNew {
        /// The version of the document.
        found: u64,
    },
}

/// One field, and what was expected of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Path in the document, such as `results.cpu.score`.
    pub path: String,
    /// What is wrong with it, and what was expected.
    pub message: String,
}

fn list(errors: &[FieldError]) -> String {
    let lines: Vec<String> =
        errors.iter().map(|error| format!("{}: {}", error.path, error.message)).collect();
    lines.join("; ")
}

/// The part of a document that decides whether the rest can be understood.
#[derive(serde::Deserialize)]
struct Envelope {
    #[serde(default)]
    schema_version: Option<crate::number::Whole>,
}

/// Reads a report.
///
/// # Errors
/// [`ParseError::Malformed`] if the bytes are not JSON, [`ParseError::SchemaTooNew`] if a newer agent made
/// them, else [`ParseError::Invalid`] with the path of the first field that does not fit.
pub fn parse(bytes: &[u8]) -> Result<Report, ParseError> {
    match serde_json::from_slice::<Report>(bytes) {
        Ok(report) => validate(report),
        Err(error) => Err(explain(bytes, &error)),
    }
}

/// Reads the document a second time, for the path: only refused documents pay for it.
fn explain(bytes: &[u8], error: &serde_json::Error) -> ParseError {
    if error.classify() != serde_json::error::Category::Data {
        return malformed(error);
    }
    // A wrong type far in front must not hide that the whole is not JSON, or is of a newer schema.
    match serde_json::from_slice::<Envelope>(bytes) {
        Ok(Envelope { schema_version: Some(version) }) if version.get() > SCHEMA_VERSION => {
            return ParseError::SchemaTooNew { found: version.get() };
        }
        Err(error) if error.classify() != serde_json::error::Category::Data => return malformed(&error),
        _ => {}
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, Report>(&mut deserializer) {
        Ok(_) => malformed(error),
        Err(error) => {
            let path = error.path().to_string();
            ParseError::Invalid(vec![FieldError { path, message: without_place(error.inner()) }])
        }
    }
}

fn malformed(error: &serde_json::Error) -> ParseError {
    ParseError::Malformed { line: error.line(), column: error.column(), message: without_place(error) }
}

/// The message without serde_json's ` at line 1 column 2`, which we give as fields.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

fn validate(mut report: Report) -> Result<Report, ParseError> {
    if let Some(version) = report.schema_version
        && version.get() > SCHEMA_VERSION
    {
        return Err(ParseError::SchemaTooNew { found: version.get() });
    }
    let mut errors = Vec::new();
    if report.device_identifier.is_none() {
        report.device_identifier = report.hostname.clone();
    }
    if report.device_identifier.is_none() {
        errors.push(field("device_identifier", "missing, expected the name of the device"));
    }
    for (index, measurement) in report.measurements.iter().enumerate() {
        negative_figures(index, measurement, &mut errors);
    }
    if errors.is_empty() { Ok(report) } else { Err(ParseError::Invalid(errors)) }
}

/// A metric of the five components counts or times something: it cannot be negative.
fn negative_figures(index: usize, measurement: &Measurement, errors: &mut Vec<FieldError>) {
    if measurement.metric.component().is_none() {
        return;
    }
    let figures =
        [("value", measurement.value), ("ci_low", measurement.ci_low), ("ci_high", measurement.ci_high)];
    for (name, _) in figures.iter().filter(|(_, figure)| figure.is_some_and(|f| f.get() < 0.0)) {
        errors.push(field(
            &format!("measurements[{index}].{name}"),
            "negative, expected a number that is not negative",
        ));
    }
    let samples = measurement.samples.iter().flat_map(|samples| samples.iter().enumerate());
    for (sample, _) in samples.filter(|(_, sample)| sample.get() < 0.0).take(1) {
        let path = format!("measurements[{index}].samples[{sample}]");
        errors.push(field(&path, "negative, expected a number that is not negative"));
    }
}

fn field(path: &str, message: &str) -> FieldError {
    FieldError { path: path.to_owned(), message: message.to_owned() }
}
