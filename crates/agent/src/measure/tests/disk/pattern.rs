//! What is written and where: pages that nothing can merge, and the order of the requests.

use crate::measure::noise::Noise;

/// Every page of this size bears a stamp of its place: no drive or file system stores two of them as one.
const PAGE: usize = 4096;
/// Part of every stamp, so that a page of zeros is none of ours.
const MARK: u64 = 0x6265_6e63_6874_6f6f;

/// Stamps every page of a block that is going to `offset`.
pub(super) fn stamp(block: &mut [u8], offset: u64) {
    for (index, page) in block.chunks_exact_mut(PAGE).enumerate() {
        let stamp = (offset + (index * PAGE) as u64) ^ MARK;
        page[..8].copy_from_slice(&stamp.to_le_bytes());
    }
}

/// Whether a block that was read from `offset` begins with the stamp of that place.
pub(super) fn is_stamped(block: &[u8], offset: u64) -> bool {
    block.get(..8) == Some(&(offset ^ MARK).to_le_bytes())
}

/// The order in which a test goes through the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Sequential,
    Random,
}

/// The offsets of one stream of requests.
#[derive(Clone, Debug)]
pub(super) struct Offsets {
    order: Order,
    block_bytes: u64,
    blocks: u64,
    next: u64,
    stride: u64,
    noise: Noise,
}

impl Offsets {
    /// Stream number `index` of `streams` through a file of that many whole blocks, at least one.
    pub(super) fn new(order: Order, block_bytes: u64, blocks: u64, (index, streams): (u64, u64)) -> Self {
        let noise = Noise::new(block_bytes.wrapping_mul(31).wrapping_add(index));
        Self { order, block_bytes, blocks: blocks.max(1), next: index, stride: streams.max(1), noise }
    }

    pub(super) fn next(&mut self) -> u64 {
        let block = match self.order {
            Order::Sequential => {
                let block = self.next % self.blocks;
                self.next += self.stride;
                block
            }
            Order::Random => self.noise.below(self.blocks),
        };
        block * self.block_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_share_the_file_between_them() {
        let mut streams: Vec<_> =
            (0..2).map(|index| Offsets::new(Order::Sequential, 4096, 4, (index, 2))).collect();
        let mut seen: Vec<u64> =
            (0..2).flat_map(|_| streams.iter_mut().map(Offsets::next).collect::<Vec<_>>()).collect();
        assert_eq!(streams[0].next(), 0, "and begin again at its end");
        seen.sort_unstable();
        assert_eq!(seen, [0, 4096, 8192, 12288]);
    }

    #[test]
    fn random_offsets_reach_every_block_and_nothing_else() {
        let mut offsets = Offsets::new(Order::Random, 4096, 8, (0, 1));
        let seen: std::collections::BTreeSet<u64> = (0..500).map(|_| offsets.next()).collect();
        assert_eq!(seen, (0..8).map(|block| block * 4096).collect());
    }

    #[test]
    fn noise_does_not_compress_and_stamps_tell_the_place() {
        let mut block = vec![0; 64 * 1024];
        Noise::new(0).fill(&mut block);
        assert!(miniz_oxide::deflate::compress_to_vec(&block, 6).len() > block.len());
        stamp(&mut block, 8192);
        assert!(is_stamped(&block, 8192) && is_stamped(&block[4096..], 12288));
        assert!(!is_stamped(&block, 0) && !is_stamped(&[], 0));
    }
}
