//! The identifier that a client gives its report.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A UUID made by the client, so that sending a report twice stores it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ReportId(Uuid);

impl ReportId {
    /// Wraps a UUID of any version (ours are v7).
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// The UUID.
    pub fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl<'de> Deserialize<'de> for ReportId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "a UUID, such as 01990000-0000-7000-8000-000000000001";
        let text = String::deserialize(deserializer)?;
        let id = Uuid::try_parse(&text);
        id.map(Self).map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &EXPECTED))
    }
}
