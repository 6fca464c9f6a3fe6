//! What an ATA drive says of itself, through the page in which SCSI hands it on.
//!
//! SAT-4, 12.4.2: the VPD page 89h holds the IDENTIFY DEVICE data (ACS-4, 7.13) from byte 60 on.

use crate::probe::root::Root;
use crate::probe::text::meaningful;

const IDENTIFY: usize = 60;

/// The words that matter here.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Identify {
    pub(super) model: Option<String>,
    pub(super) firmware: Option<String>,
    pub(super) serial: Option<String>,
    /// The fastest link that the drive can, Gb/s.
    pub(super) sata_gbps: Option<f64>,
}

impl Identify {
    pub(super) fn read(root: &Root, device: &str) -> Option<Self> {
        parse(&root.bytes(&format!("{device}/vpd_pg89")).ok()?)
    }
}

fn parse(page: &[u8]) -> Option<Identify> {
    let words: Vec<[u8; 2]> =
        page.get(IDENTIFY..IDENTIFY + 512)?.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).collect();
    // In each word the first character stands in the upper byte.
    let text = |first: usize, last: usize| {
        let bytes: Vec<u8> = words.get(first..=last)?.iter().flat_map(|[low, high]| [*high, *low]).collect();
        meaningful(&String::from_utf8_lossy(&bytes))
    };
    let speeds = words.get(76).map(|word| u16::from_le_bytes(*word)).filter(|speeds| *speeds != 0xffff)?;
    let generations = [(3, 6.0), (2, 3.0), (1, 1.5)];
    let fastest = generations.into_iter().find(|(bit, _)| speeds & (1 << bit) != 0);
    Some(Identify {
        serial: text(10, 19),
        firmware: text(23, 26),
        model: text(27, 46),
        sata_gbps: fastest.map(|(_, gbps)| gbps),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_swapped() {
        let mut page = vec![b' '; IDENTIFY + 512];
        let model = IDENTIFY + 2 * 27;
        page[model..model + 6].copy_from_slice(b"aSsmnu");
        page[IDENTIFY + 152..IDENTIFY + 154].copy_from_slice(&0x0e_u16.to_le_bytes());
        let identify = parse(&page).expect("a whole page");
        assert_eq!(identify.model.as_deref(), Some("Samsun"));
        assert_eq!(identify.sata_gbps, Some(6.0));
        assert_eq!(identify.serial, None);
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(page in proptest::collection::vec(any::<u8>(), 0..700)) {
            let _ = parse(&page);
        }
    }
}
