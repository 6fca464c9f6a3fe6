//! Who a machine is: the keys that a report carries, and the table that decides whose report it is.

mod claim;
mod decide;
mod keys;

use serde::{Deserialize, Serialize};

use crate::text::{List, Name};
pub use claim::{Claim, claim};
pub use decide::{Candidate, Decision, Hint, decide};
pub use keys::{KeyKind, key_hash, part_hash};

/// The keys of a machine, as keyed hashes, strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self")]
pub struct Identity {
    /// `--device` gave the name; otherwise it is the host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_explicit: Option<bool>,
    /// Of the mainboard's serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board_serial_hash: Option<Name>,
    /// Of the chassis' serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chassis_serial_hash: Option<Name>,
    /// Of the SMBIOS UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smbios_uuid_hash: Option<Name>,
    /// Of /etc/machine-id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_id_hash: Option<Name>,
    /// In a container: of the host's DMI keys. Never a key of the container itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_hash: Option<Name>,
    /// Of the permanent hardware addresses of built-in adapters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac_hashes: Option<List<Name>>,
}

crate::section::object!(Identity);

impl Identity {
    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
