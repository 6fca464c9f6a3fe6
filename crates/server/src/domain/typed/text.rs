//! Text: on one line, or prose; days and currencies, which are text of a certain form.

use std::borrow::Cow;
use std::ops::Deref;

use jiff::civil;
use report::text::{Name, Prose as Checked};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema};
use utoipa::{__dev::ComposeSchema, ToSchema};

use super::field::{Field, Misfit};

/// A kind of text: how it is checked, and how it is described.
macro_rules! text {
    ($(#[$meta:meta])* $name:ident, $expected:literal, $check:expr, $schema:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The plain text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Field for $name {
            fn from_json(value: &Value, _: Option<&Self>) -> Result<Option<Self>, Misfit> {
                let Value::String(text) = value else { return Err(Misfit::expected($expected, value)) };
                if text.trim().is_empty() {
                    return Ok(None);
                }
                let check: fn(&str) -> Result<String, String> = $check;
                check(text).map(|text| Some(Self(text))).map_err(Misfit::new)
            }

            fn to_cell(&self) -> String {
                self.0.clone()
            }
        }

        impl ComposeSchema for $name {
            fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                let schema: fn(ObjectBuilder) -> ObjectBuilder = $schema;
                schema(ObjectBuilder::new().schema_type(Type::String)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

text! {
    /// Text on one line, at most 255 characters; spaces around it do not count.
    Line, "text", line, |schema| schema.max_length(Some(255)).pattern(Some(r"^[^\u0000-\u001f\u007f-\u009f]*$"))
}
text! {
    /// Text of at most 20,000 characters.
    Prose, "text", prose, |schema| schema.max_length(Some(20_000)).pattern(Some(r"^[^\u0000]*$"))
}
text! {
    /// A day: `2026-11-24`.
    Date, "a day such as 2026-11-24", date,
    |schema| schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
}
text! {
    /// A currency: `EUR`.
    Currency, "the three letters of a currency, such as EUR", currency,
    |schema| schema.pattern(Some("^[A-Za-z]{3}$"))
}

/// The line that a text is, without spaces around it.
pub(super) fn line(text: &str) -> Result<String, String> {
    let text = Name::new(text.trim()).map_err(|error| error.to_string())?;
    if text.chars().any(char::is_control) {
        return Err("holds a control character, expected text on one line".to_owned());
    }
    Ok(text.into_string())
}

pub(super) fn prose(text: &str) -> Result<String, String> {
    Checked::new(text).map(Checked::into_string).map_err(|error| error.to_string())
}

fn date(text: &str) -> Result<String, String> {
    let text = text.trim();
    let formed = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    let day = text.parse::<civil::Date>().ok().filter(|_| formed);
    let day = day.ok_or("no such day, expected one such as 2026-11-24: year, month, day")?;
    Ok(day.to_string())
}

fn currency(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err("expected the three letters of a currency, as ISO 4217 has them, such as EUR".to_owned())
}
