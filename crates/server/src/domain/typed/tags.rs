//! Words to find a device by.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{__dev::ComposeSchema, ToSchema};

use super::field::{Field, Misfit};
use super::text::line;
use crate::domain::fold::fold;

/// A device has no more.
const MOST: usize = 50;

/// Tags, in the order in which they were typed, no two of which fold alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<String>);

impl Tags {
    /// The tags.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Reads tags one after the other; blank ones are none.
    fn read<'t>(tags: impl Iterator<Item = Result<&'t str, Misfit>>) -> Result<Option<Self>, Misfit> {
        let (mut read, mut keys) = (Vec::new(), Vec::new());
        for (place, tag) in tags.enumerate() {
            let at = |misfit: Misfit| Misfit::at(format!("[{place}]"), misfit.message);
            let tag = line(tag.map_err(at)?).map_err(|message| at(Misfit::new(message)))?;
            if tag.contains(',') {
                return Err(at(Misfit::new("holds a comma, which stands between tags; expected one tag")));
            }
            let key = fold(&tag);
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
                read.push(tag);
            }
            if read.len() > MOST {
                return Err(Misfit::new(format!("too many tags, expected at most {MOST}")));
            }
        }
        Ok((!read.is_empty()).then_some(Self(read)))
    }
}

impl Field for Tags {
    fn from_json(value: &Value, _: Option<&Self>) -> Result<Option<Self>, Misfit> {
        let Value::Array(tags) = value else { return Err(Misfit::expected("a list of tags", value)) };
        Self::read(tags.iter().map(|tag| tag.as_str().ok_or_else(|| Misfit::expected("text", tag))))
    }

    /// Commas stand between them.
    fn from_cell(cell: &str) -> Result<Option<Self>, Misfit> {
        Self::read(cell.split(',').map(Ok)).map_err(|misfit| Misfit::new(misfit.message))
    }

    fn to_cell(&self) -> String {
        self.0.join(", ")
    }

    /// The tags of both, as many as a device may have.
    fn fill_gaps(&mut self, other: Self) {
        let keys: Vec<String> = self.iter().map(fold).collect();
        self.0.extend(other.0.into_iter().filter(|tag| !keys.contains(&fold(tag))));
        self.0.truncate(MOST);
    }
}

impl ComposeSchema for Tags {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let tag = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(255))
            .pattern(Some(r"^[^,\u0000-\u001f\u007f-\u009f]*$"));
        ArrayBuilder::new().items(tag).max_items(Some(MOST)).into()
    }
}

impl ToSchema for Tags {
    fn name() -> Cow<'static, str> {
        "Tags".into()
    }
}
