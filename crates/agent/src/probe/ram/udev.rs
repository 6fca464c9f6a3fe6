//! Memory slots from the record that udev's `dmi_memory_id` makes as root and everybody may read.

use super::module::{Modules, Slot, tell_apart};
use crate::probe::text::value_of;

/// More slots than any machine has.
const MAX_SLOTS: u32 = 512;

/// The slots; `None` where the record says nothing of memory.
pub(crate) fn modules(record: &str) -> Option<Modules> {
    let slots: u32 = property(record, "MEMORY_ARRAY_NUM_DEVICES")?.parse().ok()?;
    let mut slots: Vec<Slot> = (0..slots.min(MAX_SLOTS)).map(|number| slot(record, number)).collect();
    tell_apart(&mut slots);
    // udev leaves the property out where the array corrects nothing.
    let ecc = match property(record, "MEMORY_ARRAY_EC_TYPE") {
        None | Some("None" | "Parity") => Some(false),
        Some(kind) if kind.ends_with("ECC") => Some(true),
        Some(_) => None,
    };
    (!slots.is_empty()).then_some(Modules { slots, ecc })
}

fn property<'a>(record: &'a str, key: &str) -> Option<&'a str> {
    value_of(record, '=', &format!("E:{key}"))
}

fn slot(record: &str, number: u32) -> Slot {
    let text = |key: &str| property(record, &format!("MEMORY_DEVICE_{number}_{key}")).map(str::to_owned);
    let numeric = |key: &str| text(key)?.parse::<u32>().ok();
    let size = || {
        let bytes: u64 = text("SIZE")?.parse().ok()?;
        Some(bytes >> 20).filter(|mib| *mib > 0)
    };
    Slot {
        locator: text("LOCATOR"),
        bank: text("BANK_LOCATOR"),
        size_mb: size().filter(|_| text("PRESENT").as_deref() != Some("0")),
        kind: text("TYPE"),
        speed_mts: numeric("CONFIGURED_SPEED_MTS"),
        rated_mts: numeric("SPEED_MTS"),
        vendor: text("MANUFACTURER"),
        serial: text("SERIAL_NUMBER"),
        part_number: text("PART_NUMBER"),
        rank: numeric("RANK"),
    }
}
