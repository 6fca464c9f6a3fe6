//! Memory slots, from whatever source.

use std::collections::BTreeMap;

use report::hardware::MemoryModule;
use report::number::Quantity;

use crate::probe::secret::Secrets;
use crate::probe::text::{meaningful, name, name_of, whole};

/// The slots of a machine.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Modules {
    pub(crate) slots: Vec<Slot>,
    /// The array corrects errors.
    pub(crate) ecc: Option<bool>,
}

/// One slot; without a size it is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Slot {
    pub(crate) locator: Option<String>,
    pub(crate) bank: Option<String>,
    pub(crate) size_mb: Option<u64>,
    pub(crate) kind: Option<String>,
    pub(crate) speed_mts: Option<u32>,
    pub(crate) rated_mts: Option<u32>,
    pub(crate) vendor: Option<String>,
    pub(crate) part_number: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) rank: Option<u32>,
}

impl Slot {
    /// The module as a report carries it.
    pub(crate) fn report(&self, secrets: &Secrets<'_>) -> MemoryModule {
        let serial = self.serial.as_deref().and_then(meaningful);
        let speed =
            |mts: Option<u32>| mts.filter(|mts| *mts > 0).and_then(|mts| Quantity::new(f64::from(mts)));
        MemoryModule {
            slot: name_of(self.locator.clone()),
            size_mb: self.size_mb.and_then(whole),
            r#type: name_of(self.kind.clone()),
            speed_mhz: speed(self.speed_mts),
            vendor: self.vendor.as_deref().map(vendor).and_then(name),
            part_number: name_of(self.part_number.clone()),
            rated_speed_mhz: speed(self.rated_mts),
            rank: self.rank.filter(|rank| *rank > 0).map(Into::into),
            serial_hash: serial.as_deref().and_then(|serial| secrets.part_hash(serial)),
            serial: serial.as_deref().and_then(|serial| secrets.in_clear(serial)),
        }
    }
}

/// Makes locators tell slots apart: boards call the first slot of every channel `DIMM 0`.
pub(crate) fn tell_apart(slots: &mut [Slot]) {
    let mut seen: BTreeMap<Option<String>, u32> = BTreeMap::new();
    for slot in slots.iter() {
        *seen.entry(slot.locator.clone()).or_default() += 1;
    }
    for slot in slots.iter_mut().filter(|slot| seen.get(&slot.locator).is_some_and(|count| *count > 1)) {
        let parts: Vec<&str> =
            [&slot.bank, &slot.locator].into_iter().flatten().map(String::as_str).collect();
        if !parts.is_empty() {
            slot.locator = Some(parts.join(" / "));
        }
    }
}

/// Some firmware writes the maker's JEDEC number (JEP106: bank byte, then number) for the name.
fn vendor(text: &str) -> &str {
    let code: String = text.trim_start_matches("0x").chars().take(4).collect::<String>().to_uppercase();
    if text.len() < 4 || !text.trim_start_matches("0x").bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return text;
    }
    match code.as_str() {
        "80CE" | "CE00" | "00CE" => "Samsung",
        "80AD" | "AD00" | "00AD" => "SK Hynix",
        "802C" | "2C00" | "002C" => "Micron",
        "0198" | "9801" => "Kingston",
        "859B" | "9B85" => "Crucial",
        "029E" | "9E02" => "Corsair",
        "04CD" | "CD04" => "G.Skill",
        "830B" | "0B83" => "Nanya",
        "04CB" | "CB04" => "A-DATA",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_by_number() {
        assert_eq!(vendor("80CE000080CE"), "Samsung");
        assert_eq!(vendor("0x2C00"), "Micron");
        assert_eq!(vendor("Kingston"), "Kingston");
        assert_eq!(vendor("ABCD"), "ABCD");
    }

    #[test]
    fn equal_locators_get_their_bank() {
        let slot =
            |bank: &str| Slot { locator: Some("DIMM 0".into()), bank: Some(bank.into()), ..Slot::default() };
        let mut slots = [slot("CHANNEL A"), slot("CHANNEL B")];
        tell_apart(&mut slots);
        assert_eq!(
            slots.map(|slot| slot.locator.expect("named")),
            ["CHANNEL A / DIMM 0", "CHANNEL B / DIMM 0"]
        );
    }
}
