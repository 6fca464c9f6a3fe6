//! Memory slots from the SMBIOS table: structures of type 16 (array) and 17 (slot).

use super::module::{Modules, Slot, tell_apart};
use crate::probe::smbios::{MEMORY_ARRAY, MEMORY_DEVICE, Structure, structures};

/// The array is for the system's memory, not for video, flash or caches.
const SYSTEM_MEMORY: u8 = 3;

/// The slots of the system's memory; `None` where the table describes none.
pub(crate) fn modules(table: &[u8]) -> Option<Modules> {
    let all = structures(table);
    let arrays: Vec<_> = all
        .iter()
        .filter(|structure| structure.kind == MEMORY_ARRAY && structure.byte(5) == Some(SYSTEM_MEMORY))
        .collect();
    let handles: Vec<u16> = arrays.iter().filter_map(|array| array.handle()).collect();
    let ours = |slot: &&Structure<'_>| {
        let belongs = slot.word(4).is_none_or(|array| handles.contains(&array));
        slot.kind == MEMORY_DEVICE && (handles.is_empty() || belongs)
    };
    let mut slots: Vec<Slot> = all.iter().filter(ours).map(slot).collect();
    tell_apart(&mut slots);
    let ecc = arrays.iter().filter_map(|array| corrects(array.byte(6)?)).reduce(|a, b| a || b);
    (!slots.is_empty()).then_some(Modules { slots, ecc })
}

fn corrects(code: u8) -> Option<bool> {
    match code {
        3 | 4 => Some(false),
        5 | 6 => Some(true),
        _ => None,
    }
}

fn slot(structure: &Structure<'_>) -> Slot {
    let speed = |short: usize, long: usize| match structure.word(short)? {
        0 => None,
        0xffff => structure.double_word(long).map(|speed| speed & 0x7fff_ffff),
        speed => Some(u32::from(speed)),
    };
    Slot {
        locator: structure.text(0x10),
        bank: structure.text(0x11),
        size_mb: size_mb(structure).filter(|size| *size > 0),
        kind: structure.byte(0x12).and_then(kind).map(str::to_owned),
        speed_mts: speed(0x20, 0x58),
        rated_mts: speed(0x15, 0x54),
        vendor: structure.text(0x17),
        serial: structure.text(0x18),
        part_number: structure.text(0x1a),
        rank: structure.byte(0x1b).map(|attributes| u32::from(attributes & 0x0f)),
    }
}

fn size_mb(structure: &Structure<'_>) -> Option<u64> {
    match structure.word(0x0c)? {
        0 | 0xffff => None,
        0x7fff => structure.double_word(0x1c).map(|mib| u64::from(mib & 0x7fff_ffff)),
        size if size & 0x8000 != 0 => Some(u64::from(size & 0x7fff) / 1024),
        size => Some(u64::from(size)),
    }
}

fn kind(code: u8) -> Option<&'static str> {
    Some(match code {
        0x03 => "DRAM",
        0x07 => "RAM",
        0x0f => "SDRAM",
        0x12 => "DDR",
        0x13 => "DDR2",
        0x14 => "DDR2 FB-DIMM",
        0x18 => "DDR3",
        0x1a => "DDR4",
        0x1b => "LPDDR",
        0x1c => "LPDDR2",
        0x1d => "LPDDR3",
        0x1e => "LPDDR4",
        0x20 => "HBM",
        0x21 => "HBM2",
        0x22 => "DDR5",
        0x23 => "LPDDR5",
        0x24 => "HBM3",
        _ => return None,
    })
}
