//! Builds SMBIOS tables.

/// One module in a table.
pub(crate) struct Module {
    pub(crate) slot: &'static str,
    pub(crate) gib: u16,
    pub(crate) serial: &'static str,
}

/// A table with a memory array and its slots; a module of 0 GiB is an empty slot.
pub(crate) fn table(corrects_errors: bool, modules: &[Module]) -> Vec<u8> {
    let array = [3, 3, if corrects_errors { 6 } else { 3 }, 0, 0, 0, 4, 0xfe, 0xff, 4, 0];
    let mut table = structure(16, 0x1000, &array, &[]);
    for (index, module) in modules.iter().enumerate() {
        let texts = [module.slot, "Kingston", module.serial, "KSM32ED8/16HD"];
        // An empty text would end the structure.
        let texts = if module.gib > 0 { texts.as_slice() } else { &texts[..1] };
        table.extend(structure(17, 0x1100 + index as u16, &slot(module), texts));
    }
    table.extend(structure(127, 0xffff, &[], &[]));
    table
}

fn slot(module: &Module) -> Vec<u8> {
    let mut numbers = vec![0u8; 0x28 - 4];
    let mut put =
        |offset: usize, bytes: &[u8]| numbers[offset - 4..offset - 4 + bytes.len()].copy_from_slice(bytes);
    put(0x04, &0x1000u16.to_le_bytes());
    put(0x0c, &(module.gib * 1024).to_le_bytes());
    put(0x10, &[1, 0, 0x1a]);
    if module.gib > 0 {
        put(0x15, &3200u16.to_le_bytes());
        put(0x17, &[2, 3, 0, 4, 2]);
        put(0x20, &2667u16.to_le_bytes());
    }
    numbers
}

fn structure(kind: u8, handle: u16, numbers: &[u8], texts: &[&str]) -> Vec<u8> {
    let [low, high] = handle.to_le_bytes();
    let mut bytes = vec![kind, numbers.len() as u8 + 4, low, high];
    bytes.extend(numbers);
    for text in texts {
        bytes.extend(text.bytes().chain([0]));
    }
    if texts.is_empty() {
        bytes.push(0);
    }
    bytes.push(0);
    bytes
}
