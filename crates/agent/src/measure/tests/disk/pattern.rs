//! What is written and where: bytes that nothing can compress or merge, and the order of the requests.

/// Every page of this size bears a stamp of its place: no drive or file system stores two of them as one.
const PAGE: usize = 4096;
/// Part of every stamp, so that a page of zeros is none of ours.
const MARK: u64 = 0x6265_6e63_6874_6f6f;

/// xorshift64 (Marsaglia, "Xorshift RNGs", 2003): fast, and without any pattern that a compressor finds.
#[derive(Clone, Debug)]
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        // Zero is the one state that it cannot leave; the multiplication spreads small seeds.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

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
            // The high half of the product: unbiased enough, and no division.
            Order::Random => ((u128::from(self.noise.next()) * u128::from(self.blocks)) >> 64) as u64,
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
