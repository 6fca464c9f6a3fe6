//! Who changed what, and when.

use report::Timestamp;
use serde::Serialize;
use serde_json::Value;

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
