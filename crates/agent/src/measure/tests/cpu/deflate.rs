//! Compression: deflate at its usual level.

use std::hint::black_box;

use miniz_oxide::deflate::compress_to_vec;

use super::Kind;
use super::task::{Task, checksum};
use super::text::text;
use crate::arch::features;

const BYTES: usize = 32 << 10;
/// What zlib takes by default.
const LEVEL: u8 = 6;
/// Checksum of the compressed text; another version of the library may compress otherwise, and is then
/// another version of this test.
const RIGHT: u64 = 0xe457_9766_6cd2_442a;

pub(super) const KIND: Kind = Kind {
    metric: "cpu.deflate_mb_s",
    per_run: BYTES as f64 / 1e6,
    prepare: || Box::new(Prose { text: text(BYTES), packed: Vec::new() }),
    instruction_set: features::baseline,
};

struct Prose {
    text: Vec<u8>,
    packed: Vec<u8>,
}

impl Task for Prose {
    fn run(&mut self) {
        self.packed = compress_to_vec(black_box(&self.text), LEVEL);
    }

    fn right(&self) -> bool {
        checksum(self.packed.iter().map(|byte| u64::from(*byte))) == RIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_unpacks_and_is_like_that_of_prose() {
        let packed = compress_to_vec(&text(BYTES), LEVEL);
        assert_eq!(miniz_oxide::inflate::decompress_to_vec(&packed).unwrap(), text(BYTES));
        let ratio = BYTES as f64 / packed.len() as f64;
        assert!((2.0..4.0).contains(&ratio), "prose packs to a third, not by {ratio}");
    }
}
