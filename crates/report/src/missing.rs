//! What could not be read or run, and what would help.

use serde::{Deserialize, Serialize};

use crate::text::{Name, Prose};

/// One thing that is not in the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self")]
pub struct Missing {
    /// Path of the absent field in the report (`hardware.ram.layout`), or a component (`results.gpu`).
    pub path: Name,
    /// A short code: `needs_root`, `not_present`, `no_server` …
    pub reason: Name,
    /// What a person can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Prose>,
}

crate::section::object!(Missing);

impl Missing {
    /// An entry from texts of our own.
    pub fn new(path: &str, reason: &str, advice: Option<&str>) -> Self {
        Self { path: Name::lossy(path), reason: Name::lossy(reason), advice: advice.map(Prose::lossy) }
    }
}
