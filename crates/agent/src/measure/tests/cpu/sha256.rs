//! Hashing: SHA-256 of 64 KiB, with the processor's own instructions where it has them.

use std::hint::black_box;

use sha2::{Digest, Sha256};

use super::Kind;
use super::task::{Numbers, Task};
use crate::arch::features;

const BYTES: usize = 64 << 10;
/// First eight bytes of the digest.
const RIGHT: [u8; 8] = 0xc123_686b_d00e_88b1_u64.to_be_bytes();

pub(super) const KIND: Kind = Kind {
    metric: "cpu.sha256_mb_s",
    per_run: BYTES as f64 / 1e6,
    prepare: || Box::new(Message::new()),
    instruction_set: features::hashing,
};

struct Message {
    bytes: Vec<u8>,
    digest: [u8; 32],
}

impl Message {
    fn new() -> Self {
        let mut numbers = Numbers(2);
        let bytes = (0..BYTES / 8).flat_map(|_| numbers.next().to_le_bytes()).collect();
        Self { bytes, digest: [0; 32] }
    }
}

impl Task for Message {
    fn run(&mut self) {
        self.digest = black_box(Sha256::digest(black_box(&self.bytes)).into());
    }

    fn right(&self) -> bool {
        self.digest.starts_with(&RIGHT)
    }
}
