//! What a device is used for now.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::field::{Field, Misfit, choice};

/// What a device is used for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It works.
    #[default]
    InUse,
    /// It waits on a shelf.
    Spare,
    /// Somebody else has it for a time.
    Lent,
    /// Somebody else has it for good.
    Sold,
    /// It is out of order.
    Broken,
    /// It is gone; its history is kept.
    Archived,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::InUse, Self::Spare, Self::Lent, Self::Sold, Self::Broken, Self::Archived];

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::Spare => "spare",
            Self::Lent => "lent",
            Self::Sold => "sold",
            Self::Broken => "broken",
            Self::Archived => "archived",
        }
    }
}

impl Field for Status {
    fn from_json(value: &Value, _: Option<&Self>) -> Result<Option<Self>, Misfit> {
        choice(value, &Self::ALL, Self::as_str)
    }

    fn to_cell(&self) -> String {
        self.as_str().to_owned()
    }
}
