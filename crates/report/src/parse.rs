//! From bytes to a validated report, or to an error that names the place.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_path_to_error::Track;

use crate::checked::Checked;
use crate::measurement::Measurement;
use crate::number::{Real, Whole};
use crate::report::{Report, SCHEMA_VERSION};
use crate::section::Object;

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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path in the document, such as `results.cpu.score`.
    pub path: String,
    /// What is wrong with it, and what was expected.
    pub message: String,
}

impl FieldError {
    /// What is wrong with the field at that path.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
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
    schema_version: Option<Whole>,
}

/// Reads a report.
///
/// # Errors
/// [`ParseError::Malformed`] if the bytes are not JSON, [`ParseError::SchemaTooNew`] if a newer agent made
/// them, else [`ParseError::Invalid`] with the paths of fields that do not fit.
pub fn parse(bytes: &[u8]) -> Result<Report, ParseError> {
    // The whole text at once: serde_json does not look into the strings of unknown fields.
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    match tracked::<Report>(text) {
        Ok(report) => {
            // serde_json does not look at the numbers of unknown fields either.
            let malformed = has_large_exponent(text.as_bytes()).then(|| not_json(text)).flatten();
            malformed.map_or_else(|| validate(report, text), Err)
        }
        Err(error) => Err(explain(text, &error)),
    }
}

/// Reads a report that was taken before: what its types alone do not say was looked at then.
///
/// # Errors
/// [`ParseError::Malformed`] if it is none after all.
pub fn parse_again(bytes: &[u8]) -> Result<Report, ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    tracked(text).map_err(|error| malformed(error.inner()))
}

/// Reads another document that people or programs send, as strictly and with the same refusals.
///
/// # Errors
/// [`ParseError::Malformed`] if the bytes are not JSON, else [`ParseError::Invalid`] with the path of the first field that
/// does not fit.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let read = tracked::<FromObject<T>>(text);
    read.map(|FromObject(value)| value).map_err(|error| match error.inner().classify() {
        Category::Data => not_json(text).unwrap_or_else(|| misfit(&error)),
        _ => malformed(error.inner()),
    })
}

/// What is wrong, and with which field.
type Tracked = serde_path_to_error::Error<serde_json::Error>;

/// Reads a text, and remembers the way to what is being read. There is no other way to read a report, without the path: it
/// would be as much code again, to save a twentieth of the time.
pub(crate) fn tracked<T: DeserializeOwned>(text: &str) -> Result<T, Tracked> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer)?;
    deserializer.end().map_err(|error| Tracked::new(Track::new().path(), error))?;
    Ok(value)
}

/// Reads a struct from an object alone, and not from an array of its fields in their order.
struct FromObject<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for FromObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(Object(deserializer)).map(Self)
    }
}

/// True if there is, or may be, a number such as `1e999`: an exponent of three digits or more. Hashes have such too, but a
/// number ends with its exponent.
fn has_large_exponent(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(place) = rest.iter().position(|byte| byte | 0x20 == b'e') {
        let after_digit = place > 0 && rest[place - 1].is_ascii_digit();
        rest = &rest[place + 1..];
        if after_digit {
            let exponent = rest.strip_prefix(b"+").unwrap_or(rest);
            let digits = exponent.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let ends = exponent.get(digits).is_none_or(|next| b",]} \t\r\n".contains(next));
            if digits >= 3 && ends {
                return true;
            }
        }
    }
    false
}

fn not_utf8(bytes: &[u8], position: usize) -> ParseError {
    let before = &bytes[..position];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    ParseError::Malformed {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        column: position - line_start + 1,
        message: "invalid UTF-8".to_owned(),
    }
}

fn explain(text: &str, error: &Tracked) -> ParseError {
    if error.inner().classify() != Category::Data {
        return malformed(error.inner());
    }
    // A wrong type far in front must not hide that the whole is not JSON, or is of a newer schema.
    if let Some(malformed) = not_json(text) {
        return malformed;
    }
    if let Ok(Envelope { schema_version: Some(version) }) = serde_json::from_str(text)
        && version.get() > SCHEMA_VERSION
    {
        return ParseError::SchemaTooNew { found: version.get() };
    }
    misfit(error)
}

fn misfit(error: &Tracked) -> ParseError {
    ParseError::Invalid(vec![place(&error.path().to_string(), without_place(error.inner()))])
}

/// Where the text stops to be JSON, numbers out of range included; `None` if it is JSON.
fn not_json(text: &str) -> Option<ParseError> {
    let error = serde_json::from_str::<Checked>(text).err()?;
    Some(malformed(&error))
}

/// The path of the field itself, where serde names the object around it.
fn place(path: &str, message: String) -> FieldError {
    let path = if path == "." { "" } else { path };
    let of_field = |prefix: &str| {
        let name = message.strip_prefix(prefix)?.strip_suffix('`')?;
        Some(if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") })
    };
    if let Some(path) = of_field("missing field `") {
        return FieldError::new(&path, "missing, expected a value");
    }
    if let Some(path) = of_field("duplicate field `") {
        return FieldError::new(&path, "given twice, expected once");
    }
    if let Some(rest) = message.strip_prefix("unknown field `")
        && let Some((name, others)) = rest.split_once('`')
    {
        let ends_so = path == name || path.ends_with(&format!(".{name}"));
        let whole = if ends_so || path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let whole = if ends_so { path.to_owned() } else { whole };
        return FieldError::new(&whole, format!("unknown field{others}"));
    }
    FieldError { path: if path.is_empty() { ROOT.to_owned() } else { path.to_owned() }, message }
}

/// The path of the document as a whole.
const ROOT: &str = "$";

fn malformed(error: &serde_json::Error) -> ParseError {
    ParseError::Malformed { line: error.line(), column: error.column(), message: without_place(error) }
}

/// The message without serde_json's ` at line 1 column 2`, which we give as fields.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rfind(" at line ").map_or(&*text, |end| &text[..end]);
    // Our names of types say nothing to who sends.
    match text.split_once(", expected struct ") {
        Some((found, _)) => format!("{found}, expected an object: {{…}}"),
        None => text.to_owned(),
    }
}

/// More errors than this help nobody.
const MAX_ERRORS: usize = 20;

fn validate(mut report: Report, text: &str) -> Result<Report, ParseError> {
    let mut errors = Vec::new();
    match report.schema_version.map(Whole::get) {
        Some(found) if found > SCHEMA_VERSION => return Err(ParseError::SchemaTooNew { found }),
        Some(0) => errors.push(FieldError::new("schema_version", "0, expected 1")),
        _ => {}
    }
    if report.device_identifier.is_none() {
        report.device_identifier = report.hostname.clone();
    }
    if report.device_identifier.is_none() {
        errors.push(FieldError::new("device_identifier", "missing, expected the name of the device"));
    }
    errors.extend(bad_figures(&report, text));
    if errors.is_empty() { Ok(report) } else { Err(ParseError::Invalid(errors)) }
}

/// Figures that cannot be: negative ones of the five components, which count or time something, and intervals that end
/// before they begin.
fn bad_figures(report: &Report, text: &str) -> Vec<FieldError> {
    let numbered = report.measurements.iter().enumerate();
    let bad: Vec<(usize, String, &str)> = numbered
        .filter_map(|(index, m)| bad_figure(m).map(|(name, problem)| (index, name, problem)))
        .take(MAX_ERRORS)
        .collect();
    if bad.is_empty() {
        return Vec::new();
    }
    let places = places(text);
    let error = |(index, name, problem): (usize, String, &str)| {
        let index = places.get(index).copied().unwrap_or(index);
        FieldError::new(format!("measurements[{index}].{name}"), problem)
    };
    bad.into_iter().map(error).collect()
}

/// The field of a measurement that cannot be, and why not.
fn bad_figure(measurement: &Measurement) -> Option<(String, &'static str)> {
    let Measurement { ci_low, ci_high, .. } = measurement;
    if let Some(name) = measurement.metric.component().and_then(|_| negative_figure(measurement)) {
        return Some((name, "negative, expected a number that is not negative"));
    }
    let backwards = ci_low.zip(*ci_high).is_some_and(|(low, high)| low.get() > high.get());
    backwards.then(|| ("ci_high".to_owned(), "below ci_low, expected the upper end of the interval"))
}

/// The field of a measurement that is negative.
fn negative_figure(measurement: &Measurement) -> Option<String> {
    let Measurement { value, ci_low, ci_high, samples, .. } = measurement;
    let figures = [("value", value), ("ci_low", ci_low), ("ci_high", ci_high)];
    let negative = |figure: &Option<Real>| figure.is_some_and(|figure| figure.get() < 0.0);
    let named = figures.into_iter().find(|(_, figure)| negative(figure)).map(|(name, _)| name.to_owned());
    named.or_else(|| {
        let sample = samples.as_ref()?.iter().position(|sample| sample.get() < 0.0)?;
        Some(format!("samples[{sample}]"))
    })
}

/// Where the measurements stand in the document: `null` elements are absent, but count in a path.
fn places(text: &str) -> Vec<usize> {
    #[derive(serde::Deserialize)]
    struct Elements {
        measurements: Vec<Option<serde::de::IgnoredAny>>,
    }
    let elements = serde_json::from_str::<Elements>(text).map(|elements| elements.measurements);
    let elements = elements.unwrap_or_default().into_iter().enumerate();
    elements.filter_map(|(index, element)| element.map(|_| index)).collect()
}
