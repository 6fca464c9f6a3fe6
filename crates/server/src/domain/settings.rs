//! Settings that people change while the server runs; they live in the database, and every server on it has them.

use report::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::given;

/// What pages call the server unless people say otherwise.
pub const SITE_NAME: &str = "Linux BenchTools";

/// Longest name, in characters: it stands in every title.
const MOST_CHARACTERS: usize = 60;

/// The settings, as they count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SiteSettings {
    /// What pages call this server, in their titles and at their top.
    #[schema(example = "Machines of the lab")]
    pub site_name: String,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self { site_name: SITE_NAME.to_owned() }
    }
}

/// What shall change; what is absent stays, and null takes back what was set.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// What pages call this server; null: Linux BenchTools.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60, pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")]
    pub site_name: Option<Option<String>>,
}

impl SettingsPatch {
    /// Looks at each field.
    ///
    /// # Errors
    /// Every field that does not fit.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let Self { site_name } = self;
        let name = site_name.map(|name| name.map(|name| name.trim().to_owned()));
        let length = name.as_ref().and_then(Option::as_ref).map(|name| name.chars().count());
        let control =
            name.as_ref().and_then(Option::as_ref).is_some_and(|name| name.chars().any(char::is_control));
        let message = match length {
            Some(0) => "empty, expected a name, or null for the usual one".to_owned(),
            Some(length) if length > MOST_CHARACTERS => {
                format!("{length} characters, expected at most {MOST_CHARACTERS}")
            }
            _ if control => "holds a control character, expected text on one line".to_owned(),
            _ => return Ok(Self { site_name: name }),
        };
        Err(vec![FieldError::new("site_name", message)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(json: &str) -> Result<Option<Option<String>>, ()> {
        let patch: SettingsPatch = serde_json::from_str(json).map_err(drop)?;
        Ok(patch.check().map_err(drop)?.site_name)
    }

    #[test]
    fn null_is_not_absent() {
        assert_eq!(patch("{}"), Ok(None));
        assert_eq!(patch(r#"{"site_name":null}"#), Ok(Some(None)));
        assert_eq!(patch(r#"{"site_name":" Lab é "}"#), Ok(Some(Some("Lab é".to_owned()))));
    }

    #[test]
    fn names_fit_a_title() {
        for wrong in [r#""""#, r#""  ""#, r#""a\nb""#, "7", &format!("\"{}\"", "x".repeat(61))] {
            assert_eq!(patch(&format!("{{\"site_name\":{wrong}}}")), Err(()), "{wrong}");
        }
        assert_eq!(patch(r#"{"colour":"red"}"#), Err(()));
    }
}
