//! What people change about devices: what they ask for, and why it may be refused.

use std::sync::Arc;

use report::{DeviceIdentifier, FieldError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::typed::Typed;

/// How what was typed of a device becomes something else.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Some fields; the others stay.
    Patch(Vec<(String, Value)>),
    /// All fields.
    Replace(Box<Typed>),
}

impl Edit {
    /// What was typed, once this is done.
    ///
    /// # Errors
    /// Everything that does not fit.
    pub fn apply(&self, typed: &Typed) -> Result<Typed, Vec<FieldError>> {
        match self {
            Self::Patch(fields) => {
                let mut typed = typed.clone();
                typed.patch(fields)?;
                Ok(typed)
            }
            Self::Replace(all) => Ok((**all).clone()),
        }
    }
}

/// The versions that a device may have for a change to be made (`If-Match`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: any.
    Any,
    /// One of these.
    OneOf(Vec<i64>),
}

impl IfMatch {
    /// Reads the header: `*`, or tags with commas between them; a plain number will do. A tag that we never gave, and a
    /// weak one, is no version's.
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let version = |tag: &str| {
            let tag = tag.trim();
            let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag);
            let version = inner.strip_prefix('v').unwrap_or(inner);
            // What stands behind the point is of what reports say, which no change overwrites.
            version.split_once('.').map_or(version, |(version, _)| version).parse().ok()
        };
        Self::OneOf(header.split(',').filter_map(version).collect())
    }

    /// True if a device of that version may be changed.
    pub fn allows(&self, version: i64) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }
}

/// A device that a person makes.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// The logical name that its reports will carry.
    pub device_identifier: DeviceIdentifier,
    /// What is typed of it.
    pub typed: Typed,
}

/// One row of a spreadsheet.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// Its number, as a spreadsheet counts: the first below the names of the columns is 2.
    pub number: u64,
    /// The device; without it, one is made.
    pub id: Option<i64>,
    /// The logical name: of the device that is made, or of the known one, where it must be the same.
    pub device_identifier: Option<DeviceIdentifier>,
    /// The version that the row was exported with.
    pub version: Option<i64>,
    /// Columns that are typed fields, each with its cell.
    pub cells: Vec<(Arc<str>, String)>,
}

/// What came of a spreadsheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Imported {
    /// True if nothing was written: it is what would have been done.
    pub dry_run: bool,
    /// Devices that were made.
    pub created: u64,
    /// Devices that were changed.
    pub updated: u64,
    /// Devices of which the same was typed already.
    pub unchanged: u64,
    /// Ids of the devices that were made, in the order of their rows.
    pub created_ids: Vec<i64>,
}

/// What goes with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Belongings {
    /// Benchmarks.
    pub benchmarks: u64,
    /// Hardware snapshots.
    pub snapshots: u64,
    /// Links.
    pub links: u64,
    /// Documents of this device alone, and those of its hardware model if no other device has that.
    pub documents: u64,
}

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such device.
    NoSuchDevice,
    /// Somebody else changed it meanwhile.
    VersionMoved {
        /// The version that it has now.
        version: i64,
    },
    /// Another device has that `device_identifier`, or had it until it was merged into this one.
    Taken {
        /// The other device.
        by: i64,
    },
    /// The name was not given, or another.
    NotConfirmed {
        /// The name that was expected.
        name: String,
        /// What would go with it.
        belongings: Belongings,
    },
    /// Fields that do not fit.
    Invalid(Vec<FieldError>),
}

#[cfg(test)]
mod tests {
    use super::IfMatch;

    #[test]
    fn if_match_takes_tags_and_plain_numbers() {
        for (header, versions) in [
            ("\"v3\"", vec![3]),
            ("3", vec![3]),
            ("\"3\"", vec![3]),
            ("\"v3.8f0c\"", vec![3]),
            ("\"v1\", \"v2\"", vec![1, 2]),
            ("W/\"v3\"", vec![]),
            ("\"abc\"", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(IfMatch::parse(header), IfMatch::OneOf(versions), "{header}");
        }
        assert_eq!(IfMatch::parse(" * "), IfMatch::Any);
        assert!(IfMatch::Any.allows(7) && !IfMatch::OneOf(vec![6]).allows(7));
    }
}
