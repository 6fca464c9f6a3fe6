//! One kind of field: how it is read from JSON and from a spreadsheet's cell, and written to one.

use report::{DeviceKind, FieldError};
use serde_json::Value;

/// What does not fit, and where in the field: `[3]`, or nothing.
pub(super) struct Misfit {
    pub(super) below: String,
    pub(super) message: String,
}

impl Misfit {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { below: String::new(), message: message.into() }
    }

    pub(super) fn at(below: impl Into<String>, message: impl Into<String>) -> Self {
        Self { below: below.into(), message: message.into() }
    }

    /// The value is of another type.
    pub(super) fn expected(what: &str, found: &Value) -> Self {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        Self::new(format!("{found}, expected {what}"))
    }
}

/// A kind of field. What is read as nothing takes back what was typed.
pub(super) trait Field: Sized {
    /// A cell of it is a number.
    const IS_NUMBER: bool = false;

    /// Reads a value that is not null; `known` is what was typed before.
    fn from_json(value: &Value, known: Option<&Self>) -> Result<Option<Self>, Misfit>;

    /// Reads a cell that is not blank.
    fn from_cell(cell: &str) -> Result<Option<Self>, Misfit> {
        Self::from_json(&cell.into(), None)
    }

    /// What a cell shows.
    fn to_cell(&self) -> String;

    /// What the other has, where there is a gap in this.
    fn fill_gaps(&mut self, _: Self) {}
}

pub(super) fn set<F: Field>(place: &mut Option<F>, field: &str, value: &Value) -> Result<(), FieldError> {
    *place = match value {
        Value::Null => None,
        value => F::from_json(value, place.as_ref()).map_err(|misfit| named(field, misfit))?,
    };
    Ok(())
}

pub(super) fn set_cell<F: Field>(place: &mut Option<F>, field: &str, cell: &str) -> Result<(), FieldError> {
    *place = match cell.trim() {
        "" => None,
        _ => F::from_cell(cell).map_err(|misfit| named(field, misfit))?,
    };
    Ok(())
}

pub(super) fn fill_gap<F: Field>(place: &mut Option<F>, other: Option<F>) {
    match (place, other) {
        (Some(known), Some(other)) => known.fill_gaps(other),
        (place @ None, other) => *place = other,
        (Some(_), None) => {}
    }
}

fn named(field: &str, Misfit { below, message }: Misfit) -> FieldError {
    FieldError::new(format!("{field}{below}"), message)
}

/// One of few words, by its name.
pub(super) fn choice<T: Copy>(
    value: &Value,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, Misfit> {
    let names = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    let Value::String(text) = value else {
        return Err(Misfit::expected(&format!("one of {}", names()), value));
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.map(Some).ok_or_else(|| Misfit::new(format!("unknown, expected one of {}", names())))
}

impl Field for DeviceKind {
    fn from_json(value: &Value, _: Option<&Self>) -> Result<Option<Self>, Misfit> {
        choice(value, &Self::ALL, Self::as_str)
    }

    fn to_cell(&self) -> String {
        self.as_str().to_owned()
    }
}
