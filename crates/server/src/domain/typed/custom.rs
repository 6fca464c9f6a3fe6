//! Fields of people's own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{__dev::ComposeSchema, ToSchema};

use super::field::{Field, Misfit};
use super::text::{line, prose};

/// A device has no more.
const MOST: usize = 50;

/// Fields of people's own: text by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Custom(BTreeMap<String, String>);

impl Custom {
    /// One of them.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), Misfit> {
        let at = |message: String| Misfit::at(format!(".{key}"), message);
        if line(key).map_err(at)? != key || key.is_empty() {
            return Err(at("expected a name without spaces around it".to_owned()));
        }
        match value {
            Value::Null => drop(self.0.remove(key)),
            Value::String(text) if text.trim().is_empty() => drop(self.0.remove(key)),
            Value::String(text) => drop(self.0.insert(key.to_owned(), prose(text).map_err(at)?)),
            other => return Err(at(Misfit::expected("text, or null", other).message)),
        }
        Ok(())
    }
}

impl Field for Custom {
    /// Names that are not given stay as they were; null takes one away.
    fn from_json(value: &Value, known: Option<&Self>) -> Result<Option<Self>, Misfit> {
        let Value::Object(fields) = value else {
            return Err(Misfit::expected("an object of text by name", value));
        };
        let mut custom = known.cloned().unwrap_or_default();
        for (key, value) in fields {
            custom.set(key, value)?;
        }
        if custom.0.len() > MOST {
            return Err(Misfit::new(format!("too many fields, expected at most {MOST}")));
        }
        Ok((!custom.0.is_empty()).then_some(custom))
    }

    fn to_cell(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// The fields of both, as many as a device may have.
    fn fill_gaps(&mut self, other: Self) {
        for (key, text) in other.0 {
            if self.0.len() < MOST {
                self.0.entry(key).or_insert(text);
            }
        }
    }
}

impl ComposeSchema for Custom {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .max_length(Some(20_000))
            .pattern(Some(r"^[^\u0000]*$"));
        let name = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(255))
            .pattern(Some(r"^[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f])?$"));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property_names(Some(name))
            .additional_properties(Some(text))
            .max_properties(Some(MOST))
            .into()
    }
}

impl ToSchema for Custom {
    fn name() -> Cow<'static, str> {
        "Custom".into()
    }
}
