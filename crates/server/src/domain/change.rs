//! Who changed what, and when.

use report::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Who makes a change, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Name of the token, or of the user.
    pub name: String,
    /// Now.
    pub at: Timestamp,
}

/// What was done, for the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Noun and verb: `device.update`.
    pub action: &'static str,
    /// Id of what was changed, of that noun.
    pub subject_id: Option<i64>,
    /// What that is called, or was.
    pub subject_name: String,
    /// What else tells the change: names of fields, counts. Never a secret.
    pub detail: Value,
}

impl Entry {
    /// A change of one thing.
    pub fn new(action: &'static str, subject_id: i64, subject_name: impl Into<String>) -> Self {
        Self { action, subject_id: Some(subject_id), subject_name: subject_name.into(), detail: Value::Null }
    }

    /// Says more.
    #[must_use]
    pub fn with(self, detail: impl Serialize) -> Self {
        Self { detail: serde_json::to_value(detail).unwrap_or_default(), ..self }
    }
}

/// A change that was made, as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Changed {
    /// Of the change.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Name of the token, or of the user.
    pub who: String,
    /// Noun and verb: `device.update`.
    pub action: String,
    /// Id of what was changed, of that noun; null where it was many things.
    pub subject_id: Option<i64>,
    /// What that was called then.
    pub subject_name: String,
    /// What else tells the change.
    #[schema(value_type = Option<Object>)]
    pub detail: Value,
}

/// Which changes are wanted; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangesWanted {
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub to: Option<Timestamp>,
    /// By whom.
    pub who: Option<String>,
    /// What was done; a noun alone stands for all that is done to it.
    pub action: Option<String>,
    /// To which.
    pub subject_id: Option<i64>,
}
