//! The firmware's SMBIOS table: a row of structures, each with numbers first and its texts behind.
//!
//! DMTF DSP0134. Tables of real boards are cut short, wrongly counted and full of odd bytes, so the
//! reader takes nothing for granted: it stops at the first structure that does not fit.

/// The table as sysfs serves it, for root only.
pub(crate) const TABLE: &str = "/sys/firmware/dmi/tables/DMI";

/// Physical memory array.
pub(crate) const MEMORY_ARRAY: u8 = 16;
/// Memory device: one slot.
pub(crate) const MEMORY_DEVICE: u8 = 17;
const END: u8 = 127;
const HEADER: usize = 4;

/// One structure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Structure<'a> {
    /// What it describes.
    pub(crate) kind: u8,
    /// Header and numbers.
    formatted: &'a [u8],
    /// The texts, each ended by NUL.
    texts: &'a [u8],
}

impl Structure<'_> {
    /// The handle by which other structures name this one.
    pub(crate) fn handle(&self) -> Option<u16> {
        self.word(2)
    }

    pub(crate) fn byte(&self, offset: usize) -> Option<u8> {
        self.formatted.get(offset).copied()
    }

    pub(crate) fn word(&self, offset: usize) -> Option<u16> {
        let bytes = self.formatted.get(offset..offset + 2)?;
        Some(u16::from_le_bytes(bytes.try_into().ok()?))
    }

    pub(crate) fn double_word(&self, offset: usize) -> Option<u32> {
        let bytes = self.formatted.get(offset..offset + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The text whose number stands at `offset`; number 0 means none.
    pub(crate) fn text(&self, offset: usize) -> Option<String> {
        let number = usize::from(self.byte(offset)?).checked_sub(1)?;
        let text = self.texts.split(|byte| *byte == 0).nth(number)?;
        Some(String::from_utf8_lossy(text).trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// The structures of a table, up to its end or the first one that is broken.
pub(crate) fn structures(table: &[u8]) -> Vec<Structure<'_>> {
    let mut found = Vec::new();
    let mut rest = table;
    while let Some((structure, after)) = split_first(rest) {
        if structure.kind == END {
            break;
        }
        found.push(structure);
        rest = after;
    }
    found
}

fn split_first(table: &[u8]) -> Option<(Structure<'_>, &[u8])> {
    let length = usize::from(*table.get(1)?);
    if length < HEADER {
        return None;
    }
    let (formatted, rest) = table.split_at_checked(length)?;
    let texts_end = rest.windows(2).position(|pair| pair == [0, 0])?;
    let structure = Structure { kind: *table.first()?, formatted, texts: rest.get(..=texts_end)? };
    Some((structure, rest.get(texts_end + 2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOARD: &[u8] = b"\x02\x08\x34\x12\x01\x02\x00\x00Maker\0Model\0\0";
    const END_MARK: &[u8] = b"\x7f\x04\xff\xff\0\0";

    #[test]
    fn numbers_and_texts() {
        let table = [BOARD, END_MARK, BOARD].concat();
        let found = structures(&table);
        assert_eq!(found.len(), 1, "what follows the end is not read");
        let board = found.first().expect("one structure");
        assert_eq!(board.handle(), Some(0x1234));
        assert_eq!(board.text(4).as_deref(), Some("Maker"));
        assert_eq!(board.text(5).as_deref(), Some("Model"));
        assert_eq!(board.text(6), None);
        assert_eq!(board.word(7), None, "a number that reaches past the end is absent");
    }

    #[test]
    fn a_cut_table_keeps_what_is_whole() {
        let table = [BOARD, BOARD].concat();
        for length in 0..table.len() {
            let whole = structures(table.get(..length).expect("shorter")).len();
            assert_eq!(whole, usize::from(length >= BOARD.len()));
        }
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            for structure in structures(&bytes) {
                for offset in 0..40 {
                    let _ = (structure.text(offset), structure.word(offset), structure.double_word(offset));
                }
            }
        }
    }
}
