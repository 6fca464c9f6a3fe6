//! The name under which a report files itself, and names in addresses.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::text::Name;

/// The logical name of a device: 1 to 255 characters, no control characters, not blank, trimmed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "openapi",
    schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )
)]
#[serde(transparent)]
pub struct DeviceIdentifier(String);

impl DeviceIdentifier {
    /// Checks a name; the error says what was expected.
    pub fn new(value: &str) -> Result<Self, String> {
        let name = Name::new(value.trim()).map_err(|error| error.to_string())?;
        if name.is_empty() {
            return Err("blank, expected a name".to_owned());
        }
        if name.chars().any(char::is_control) {
            return Err("holds a control character, expected a name on one line".to_owned());
        }
        Ok(Self(name.into_string()))
    }

    /// The plain name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DeviceIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A name as it stands in an address: lower-case ASCII letters, digits and single hyphens, at most 60.
/// Empty if nothing of the name is left.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 60 {
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
