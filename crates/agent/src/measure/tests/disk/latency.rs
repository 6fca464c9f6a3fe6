//! What one small durable write takes: 4 KiB, and the drive's word that they will survive a power cut.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::time::{Duration, Instant};

use super::pattern::{Offsets, Order, stamp};
use crate::arch::uring::Block;
use crate::measure::noise::Noise;
use crate::measure::sampler::FEWEST;

pub(super) const BLOCK: usize = 4096;
/// More would make the report long and the figure no better.
const MOST: usize = 500;

/// Seconds of each write, in time order.
pub(super) fn durable_writes(file: &File, file_bytes: u64, cap: Duration) -> io::Result<Vec<f64>> {
    let mut block = Block::new(BLOCK);
    Noise::new(u64::MAX / 3).fill(block.bytes_mut());
    let mut offsets = Offsets::new(Order::Sequential, BLOCK as u64, file_bytes / BLOCK as u64, (0, 1));
    let begun = Instant::now();
    let mut seconds = Vec::new();
    // The first one warms up: it may find the drive asleep.
    let mut warm = false;
    while seconds.len() < MOST && (begun.elapsed() < cap || seconds.len() < FEWEST.min(2)) {
        let offset = offsets.next();
        stamp(block.bytes_mut(), offset);
        let write_begun = Instant::now();
        let written = file.write_at(block.bytes(), offset)?;
        file.sync_data()?;
        let took = write_begun.elapsed();
        if written != BLOCK {
            return Err(io::ErrorKind::WriteZero.into());
        }
        if std::mem::replace(&mut warm, true) {
            seconds.push(took.as_secs_f64());
        }
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_timed_one_by_one() {
        let file = tempfile::tempfile().unwrap();
        let seconds = durable_writes(&file, 16 * BLOCK as u64, Duration::ZERO).unwrap();
        assert_eq!(seconds.len(), 2, "two at least, whatever the time");
        assert!(seconds.iter().all(|seconds| *seconds > 0.0));
        assert_eq!(file.metadata().unwrap().len(), 3 * BLOCK as u64);
    }
}
