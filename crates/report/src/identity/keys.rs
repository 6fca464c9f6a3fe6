//! Keys: which clear values tell machines apart, and the keyed hashes in whose form they travel.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::facts;

/// The kinds of key, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Serial number of the mainboard.
    BoardSerial,
    /// Serial number of the chassis.
    ChassisSerial,
    /// UUID in the SMBIOS tables.
    SmbiosUuid,
    /// /etc/machine-id.
    MachineId,
    /// Permanent hardware address of a built-in network adapter.
    Mac,
}

impl KeyKind {
    /// All kinds, strongest first.
    pub const ALL: [Self; 5] =
        [Self::BoardSerial, Self::ChassisSerial, Self::SmbiosUuid, Self::MachineId, Self::Mac];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BoardSerial => "board_serial",
            Self::ChassisSerial => "chassis_serial",
            Self::SmbiosUuid => "smbios_uuid",
            Self::MachineId => "machine_id",
            Self::Mac => "mac",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// HMAC-SHA256 of the kind and the normalised value, in lower-case hexadecimal; `None` for junk, which is no
/// key. Case, colons and hyphens make no difference.
///
/// `host_hash` of a container is this hash of its host's strongest DMI key, so that it equals a key of the
/// host's own device.
pub fn key_hash(fleet_key: &[u8; 32], kind: KeyKind, clear: &str) -> Option<String> {
    hash(fleet_key, kind.as_str(), &normalise(kind, clear)?)
}

/// HMAC-SHA256 of a part's serial number (a drive, a memory module), in lower-case hexadecimal; `None` for junk.
pub fn part_hash(fleet_key: &[u8; 32], clear: &str) -> Option<String> {
    hash(fleet_key, "part_serial", &serial(clear)?)
}

/// The hash of a value in its one spelling; values of different kinds never share one.
fn hash(fleet_key: &[u8; 32], kind: &str, value: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(fleet_key).ok()?;
    mac.update(kind.as_bytes());
    mac.update(b":");
    mac.update(value.as_bytes());
    Some(hex::encode(mac.finalize().into_bytes()))
}

/// The one spelling of a key, or `None` if the value tells nothing.
fn normalise(kind: KeyKind, clear: &str) -> Option<String> {
    match kind {
        KeyKind::BoardSerial | KeyKind::ChassisSerial => serial(clear),
        KeyKind::SmbiosUuid | KeyKind::MachineId => hex_id(clear, 32),
        KeyKind::Mac => {
            let group =
                clear.trim().as_bytes().get(1).is_some_and(|d| matches!(d, b'1' | b'3' | b'5' | b'7' | b'9'))
                    || clear
                        .trim()
                        .as_bytes()
                        .get(1)
                        .is_some_and(|d| matches!(d.to_ascii_lowercase(), b'b' | b'd' | b'f'));
            if group || facts::locally_administered(clear) { None } else { hex_id(clear, 12) }
        }
    }
}

/// Hexadecimal digits in upper or lower case, with any of the usual separators.
fn hex_id(clear: &str, digits: usize) -> Option<String> {
    let plain: String = clear.trim().chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let plain = plain.to_ascii_lowercase();
    let well_formed = plain.len() == digits && plain.bytes().all(|byte| byte.is_ascii_hexdigit());
    (well_formed && !repeated(&plain) && !PLACEHOLDER_IDS.contains(&plain.as_str())).then_some(plain)
}

/// Identifiers that whole product lines share, because their makers left the firmware's default in place.
const PLACEHOLDER_IDS: [&str; 6] = [
    "03000200040005000006000700080009",
    "00020003000400050006000700080009",
    "12345678123456781234567812345678",
    "1234567812345678123412345678abcd",
    "000102030405060708090a0b0c0d0e0f",
    "123456789abc",
];

/// Texts that stand where a serial number should: compared in lower case, letters and digits only.
const PLACEHOLDER_SERIALS: [&str; 29] = [
    "tobefilledbyoem",
    "tobefilled",
    "filledbyoem",
    "defaultstring",
    "default",
    "systemserialnumber",
    "baseboardserialnumber",
    "chassisserialnumber",
    "boardserialnumber",
    "type2boardserialnumber",
    "serialnumber",
    "serial",
    "notspecified",
    "notapplicable",
    "notavailable",
    "notprovided",
    "notdefined",
    "none",
    "null",
    "empty",
    "unknown",
    "undefined",
    "invalid",
    "standard",
    "oem",
    "oemstring",
    "productserial",
    "mbserialnumber",
    "eval",
];

fn serial(clear: &str) -> Option<String> {
    let plain: String = clear.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let junk = plain.chars().count() < 4
        || repeated(&plain)
        || counting(&plain)
        || PLACEHOLDER_SERIALS.contains(&plain.as_str());
    // Inner punctuation belongs to a serial number ("/5CG/..."), only case and outer spaces do not.
    (!junk).then(|| clear.trim().to_lowercase())
}

/// One character over and over: zeros, `xxxxxxxx`.
fn repeated(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_none_or(|first| chars.all(|c| c == first))
}

/// `123456789`, `0123456789abcdef`, `987654321`: each digit one more, or one less, than the last.
fn counting(text: &str) -> bool {
    let digits: Option<Vec<i8>> = text.chars().map(|c| Some(c.to_digit(16)? as i8)).collect();
    let Some(digits) = digits else { return false };
    let step = |by: i8| {
        digits.windows(2).all(|pair| {
            let difference = pair[1] - pair[0];
            difference == by || (difference == -9 * by && digits.iter().all(|d| *d < 10))
        })
    };
    step(1) || step(-1)
}
