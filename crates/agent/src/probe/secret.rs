//! Serial numbers and hardware addresses: hashed with the fleet key, in clear only when asked for.

use report::identity::{KeyKind, key_hash, part_hash};
use report::text::Name;

use super::ProbeOptions;

/// What may be done with what tells a part from all others.
pub(crate) struct Secrets<'a>(&'a ProbeOptions);

impl<'a> Secrets<'a> {
    pub(crate) fn new(options: &'a ProbeOptions) -> Self {
        Self(options)
    }

    /// The keyed hash of a part's serial number.
    pub(crate) fn part_hash(&self, serial: &str) -> Option<Name> {
        part_hash(self.0.fleet_key.as_ref()?, serial).map(|hash| Name::lossy(&hash))
    }

    /// The keyed hash of a hardware address.
    pub(crate) fn mac_hash(&self, mac: &str) -> Option<Name> {
        key_hash(self.0.fleet_key.as_ref()?, KeyKind::Mac, mac).map(|hash| Name::lossy(&hash))
    }

    /// The value itself, with `--include-serials`.
    pub(crate) fn in_clear(&self, value: &str) -> Option<Name> {
        self.shown().then(|| Name::lossy(value))
    }

    /// Values may be shown in clear.
    pub(crate) fn shown(&self) -> bool {
        self.0.include_serials
    }
}
