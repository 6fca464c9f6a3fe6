//! What people type about their devices: each field checked where it is read, and trusted everywhere else.

mod custom;
mod field;
mod fields;
mod number;
mod status;
mod tags;
mod text;

use report::{DeviceKind, FieldError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use custom::Custom;
pub use fields::Fields;
pub use number::{Id, Quantity};
pub use status::Status;
pub use tags::Tags;
pub use text::{Currency, Date, Line, Prose};

use super::fold::fold;
use field::Field;

/// Declares the fields, each once: the struct that holds them, and how one is found by its name.
macro_rules! typed {
    ($($(#[$meta:meta])* $name:ident: $type:ty,)+) => {
        /// What people typed; what they did not type is absent, or null.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Typed {
            $(
                $(#[$meta])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )+
        }

        impl Typed {
            /// The fields, in the order of a spreadsheet's columns. Those of `custom` are one column each: `custom.rack`.
            pub const FIELDS: &[&str] = &[$(stringify!($name)),+];

            fn set_one(&mut self, field: &str, value: &Value) -> Result<(), FieldError> {
                match field {
                    $(stringify!($name) => field::set(&mut self.$name, field, value),)+
                    _ => Err(unknown(field)),
                }
            }

            fn set_cell_of(&mut self, field: &str, cell: &str) -> Result<(), FieldError> {
                match field {
                    $(stringify!($name) => field::set_cell(&mut self.$name, field, cell),)+
                    _ => Err(unknown(field)),
                }
            }

            /// What a spreadsheet shows of a field, empty where nothing was typed; a column of `custom` by its whole name.
            pub fn cell(&self, field: &str) -> String {
                if let Some(key) = field.strip_prefix(CUSTOM) {
                    return self.custom.as_ref().and_then(|custom| custom.get(key)).unwrap_or_default().to_owned();
                }
                match field {
                    $(stringify!($name) => self.$name.as_ref().map(Field::to_cell).unwrap_or_default(),)+
                    _ => String::new(),
                }
            }

            /// True if the cells of that column are numbers.
            pub fn is_number(column: &str) -> bool {
                match column {
                    $(stringify!($name) => <$type as Field>::IS_NUMBER,)+
                    _ => false,
                }
            }

            /// Takes what `other` has where nothing was typed here.
            pub fn fill_gaps(&mut self, other: Self) {
                let Self { $($name),+ } = other;
                $(field::fill_gap(&mut self.$name, $name);)+
            }

            /// The names of the fields that were typed otherwise in the other.
            pub fn differing(&self, other: &Self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if self.$name != other.$name { names.push(stringify!($name)); })+
                names
            }
        }
    };
}

typed! {
    /// What the device is called; without it, by its `device_identifier`.
    name: Line,
    /// What it is for.
    description: Prose,
    /// Number on its label.
    asset_tag: Line,
    /// Where it stands.
    location: Line,
    /// Whose it is.
    owner: Line,
    /// Words to find it by; those that differ in case or accents alone are one.
    tags: Tags,
    /// What sort of machine it is; without it, what reports say.
    kind: DeviceKind,
    /// What it is used for now; without it `in_use`.
    status: Status,
    /// Id of the device that it runs on; without it, what reports say.
    hosted_on: Id,
    /// Who made it.
    manufacturer: Line,
    /// Its model; without it, what reports say.
    model: Line,
    /// Its serial number.
    serial: Line,
    /// Who sold it.
    purchased_from: Line,
    /// The day it was bought.
    purchased_at: Date,
    /// What it cost.
    price: Quantity,
    /// Of the price, as ISO 4217 has it.
    currency: Currency,
    /// The last day of its warranty.
    warranty_until: Date,
    /// Power drawn when idle, watts.
    power_idle_w: Quantity,
    /// Power drawn under load, watts.
    power_load_w: Quantity,
    /// Id of the document that is its photo: an image of its own, or of its model.
    photo_doc_id: Id,
    /// Whatever else is worth writing down.
    notes: Prose,
    /// Fields of your own, by name.
    custom: Custom,
    /// Its id in another system.
    external_id: Line,
}

/// What the columns of a spreadsheet that are fields of `custom` begin with.
pub const CUSTOM: &str = "custom.";

impl Typed {
    /// Sets a field, as a JSON merge patch (RFC 7396) has it: null takes back what was typed, and so does blank text.
    ///
    /// # Errors
    /// What does not fit, with its path; the field is then as it was.
    pub fn set(&mut self, field: &str, value: &Value) -> Result<(), FieldError> {
        self.set_one(field, value)
    }

    /// Sets a field from a cell of a spreadsheet, where numbers have a point; an empty one takes back what was typed.
    ///
    /// # Errors
    /// What does not fit, with the column's name; the field is then as it was.
    pub fn set_cell(&mut self, column: &str, cell: &str) -> Result<(), FieldError> {
        match column.strip_prefix(CUSTOM) {
            Some(key) => {
                let value = if cell.trim().is_empty() { Value::Null } else { cell.into() };
                self.set_one("custom", &serde_json::json!({ key: value }))
            }
            None => self.set_cell_of(column, cell),
        }
    }

    /// What stands here and does not stand in `kept`, by field: words of tags and fields of `custom` one by one.
    pub fn lost_to(&self, kept: &Self) -> Map<String, Value> {
        let Self { tags, custom, .. } = self;
        let fields = |typed: &Self| match serde_json::to_value(typed) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let (mut lost, kept_fields) = (fields(self), fields(kept));
        lost.retain(|name, value| kept_fields.get(name) != Some(value));
        if let Some(tags) = tags {
            let known: Vec<String> = kept.tags.iter().flat_map(|tags| tags.iter()).map(fold).collect();
            let gone: Vec<&str> = tags.iter().filter(|tag| !known.contains(&fold(tag))).collect();
            replace(&mut lost, "tags", gone.is_empty(), gone.into());
        }
        if let Some(custom) = custom {
            let stays = |key: &str| kept.custom.as_ref().and_then(|kept| kept.get(key));
            let mine = custom.keys().filter_map(|key| Some((key, custom.get(key)?)));
            let gone = mine.filter(|(key, text)| stays(key) != Some(*text));
            let gone: Map<String, Value> = gone.map(|(key, text)| (key.to_owned(), text.into())).collect();
            replace(&mut lost, "custom", gone.is_empty(), gone.into());
        }
        lost
    }

    /// True if that is the name of a column of a spreadsheet.
    pub fn is_column(name: &str) -> bool {
        name.strip_prefix(CUSTOM)
            .map_or_else(|| name != "custom" && Self::FIELDS.contains(&name), |key| !key.is_empty())
    }

    /// Sets many fields; none, if one does not fit.
    ///
    /// # Errors
    /// Everything that does not fit.
    pub fn patch(&mut self, fields: &[(String, Value)]) -> Result<(), Vec<FieldError>> {
        let mut patched = self.clone();
        let set = |(field, value): &(String, Value)| patched.set(field, value).err();
        let errors: Vec<FieldError> = fields.iter().filter_map(set).collect();
        if errors.is_empty() {
            *self = patched;
            return Ok(());
        }
        Err(errors)
    }
}

/// Says what is lost of a field that holds many things, if anything is.
fn replace(lost: &mut Map<String, Value>, field: &str, nothing: bool, gone: Value) {
    if nothing {
        lost.remove(field);
    } else {
        lost.insert(field.to_owned(), gone);
    }
}

fn unknown(field: &str) -> FieldError {
    FieldError::new(field, format!("unknown field, expected one of {}", Typed::FIELDS.join(", ")))
}

#[cfg(test)]
mod tests;
