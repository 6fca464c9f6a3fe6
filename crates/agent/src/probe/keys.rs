//! The keys of a machine in clear, which never leave it so.

use std::fmt;

use report::identity::{Identity, KeyKind, key_hash};
use report::text::{List, Name};

use super::dmi::Dmi;
use super::gaps::{Gaps, SUDO};
use super::root::{Root, Unread};
use super::text::meaningful;

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
    /// In a container: the strongest key that the firmware of the machine around it shows.
    pub host: Option<(KeyKind, String)>,
}

impl ClearKeys {
    /// Reads the keys. `macs` are the permanent addresses that the network section found.
    pub(crate) fn read(root: &Root, container: bool, macs: Vec<String>, gaps: &mut Gaps) -> Self {
        let machine_id = root.text("/etc/machine-id").or_else(|| root.text("/var/lib/dbus/machine-id"));
        let firmware = Self::firmware(root);
        if container {
            let strongest = firmware.strongest();
            if strongest.is_none() {
                note(root, "identity.host_hash", gaps);
            }
            return Self { machine_id, macs, host: strongest, ..Self::default() };
        }
        for (path, key) in [
            ("identity.board_serial_hash", &firmware.board_serial),
            ("identity.smbios_uuid_hash", &firmware.smbios_uuid),
        ] {
            if key.is_none() {
                note(root, path, gaps);
            }
        }
        gaps.expect("identity.machine_id_hash", machine_id.as_ref());
        Self { machine_id, macs, ..firmware }
    }

    /// What the firmware shows: SMBIOS, or the device tree of a board.
    fn firmware(root: &Root) -> Self {
        let dmi = Dmi::new(root);
        let board = dmi.text("board_serial").or_else(|| root.text("/proc/device-tree/serial-number"));
        let serials = [dmi.text("chassis_serial"), dmi.text("product_serial")];
        Self {
            board_serial: board.as_deref().and_then(meaningful),
            chassis_serial: serials.into_iter().flatten().find_map(|serial| meaningful(&serial)),
            smbios_uuid: dmi.text("product_uuid"),
            ..Self::default()
        }
    }

    fn strongest(self) -> Option<(KeyKind, String)> {
        let board = self.board_serial.map(|serial| (KeyKind::BoardSerial, serial));
        let chassis = self.chassis_serial.map(|serial| (KeyKind::ChassisSerial, serial));
        let uuid = self.smbios_uuid.map(|uuid| (KeyKind::SmbiosUuid, uuid));
        // Junk is no key; whether a value is junk does not depend on the fleet key.
        [board, chassis, uuid]
            .into_iter()
            .flatten()
            .find(|(kind, clear)| key_hash(&[0; 32], *kind, clear).is_some())
    }

    /// The keys as a report carries them: keyed hashes, or none without a fleet key.
    pub fn identity(&self, fleet_key: Option<&[u8; 32]>, name_explicit: bool) -> Identity {
        let name_explicit = Some(name_explicit);
        let Some(fleet_key) = fleet_key else { return Identity { name_explicit, ..Identity::default() } };
        let hash = |kind, clear: &str| key_hash(fleet_key, kind, clear).map(|hash| Name::lossy(&hash));
        let of = |kind, clear: &Option<String>| clear.as_deref().and_then(|clear| hash(kind, clear));
        let macs: Vec<Name> = self.macs.iter().filter_map(|mac| hash(KeyKind::Mac, mac)).collect();
        Identity {
            name_explicit,
            board_serial_hash: of(KeyKind::BoardSerial, &self.board_serial),
            chassis_serial_hash: of(KeyKind::ChassisSerial, &self.chassis_serial),
            smbios_uuid_hash: of(KeyKind::SmbiosUuid, &self.smbios_uuid),
            machine_id_hash: of(KeyKind::MachineId, &self.machine_id),
            host_hash: self.host.as_ref().and_then(|(kind, clear)| hash(*kind, clear)),
            mac_hashes: (!macs.is_empty()).then(|| List::from(macs)),
        }
    }
}

fn note(root: &Root, path: &str, gaps: &mut Gaps) {
    match Dmi::new(root).read("product_uuid") {
        Err(Unread::Denied) => gaps.add(path, "needs_root", Some(SUDO)),
        _ => gaps.add(path, "not_exposed", None),
    }
}

impl fmt::Debug for ClearKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClearKeys(..)")
    }
}
