//! Who a report says that it is from.

use std::collections::BTreeSet;

use super::keys::{KeyKind, key_hash};
use crate::facts;
use crate::kind::{DeviceKind, kind};
use crate::report::Report;
use crate::text::Name;

/// What a report says of its machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name under which it files itself.
    pub name: String,
    /// A person gave the name (`--device`).
    pub name_explicit: bool,
    /// What sort of machine it is: decides what a changed key means.
    pub kind: DeviceKind,
    /// Keyed hashes, each once. None for containers: what they see of DMI is their host's.
    pub keys: BTreeSet<(KeyKind, String)>,
    /// Of a container: a key of its host, which tells where it runs (`hosted_on`).
    pub host_hash: Option<String>,
}

/// The claim of a report. Clear hardware addresses of old clients are hashed here, with the same key.
pub fn claim(report: &Report, fleet_key: &[u8; 32]) -> Claim {
    let identity = &report.identity;
    let kind = kind(report);
    let keys = if kind == DeviceKind::Container { BTreeSet::new() } else { keys(report, fleet_key) };
    Claim {
        name: report.device().as_str().to_owned(),
        name_explicit: identity.name_explicit == Some(true),
        kind,
        keys,
        host_hash: hash(identity.host_hash.as_ref()).filter(|_| kind == DeviceKind::Container),
    }
}

fn keys(report: &Report, fleet_key: &[u8; 32]) -> BTreeSet<(KeyKind, String)> {
    let identity = &report.identity;
    let single = [
        (KeyKind::BoardSerial, &identity.board_serial_hash),
        (KeyKind::ChassisSerial, &identity.chassis_serial_hash),
        (KeyKind::SmbiosUuid, &identity.smbios_uuid_hash),
        (KeyKind::MachineId, &identity.machine_id_hash),
    ];
    let mut keys: BTreeSet<_> =
        single.into_iter().filter_map(|(kind, sent)| Some((kind, hash(sent.as_ref())?))).collect();
    let macs = identity.mac_hashes.iter().flat_map(|hashes| hashes.iter());
    keys.extend(macs.filter_map(|sent| Some((KeyKind::Mac, hash(Some(sent))?))));
    if identity.is_empty() || (keys.is_empty() && identity.name_explicit.is_some()) {
        keys.extend(clear_macs(report, fleet_key));
    }
    keys
}

/// A hash as [`key_hash`] makes it; anything else is no key.
fn hash(sent: Option<&Name>) -> Option<String> {
    let hash = sent?.trim().to_ascii_lowercase();
    (hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(hash)
}

/// Adapters that may move to another machine, or are no hardware, are left out.
fn clear_macs(report: &Report, fleet_key: &[u8; 32]) -> Vec<(KeyKind, String)> {
    let interfaces = report.hardware.network.as_ref().and_then(|network| network.interfaces.as_ref());
    let built_in = interfaces.iter().flat_map(|interfaces| interfaces.iter()).filter(|interface| {
        let name = interface.name.as_deref().unwrap_or_default();
        let r#type = interface.r#type.as_deref().unwrap_or_default();
        let hardware = ["", "ethernet", "wifi"].contains(&r#type);
        // enx…: named after its address, as USB adapters are.
        hardware && !name.starts_with("enx") && !facts::passing_interface(name, r#type)
    });
    let hashed =
        built_in.filter_map(|interface| key_hash(fleet_key, KeyKind::Mac, interface.mac.as_deref()?));
    hashed.map(|hash| (KeyKind::Mac, hash)).collect()
}
