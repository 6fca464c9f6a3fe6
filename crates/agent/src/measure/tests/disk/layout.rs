//! Lays the test file out: every byte of it is written once before anything is measured.

use std::io;
use std::time::{Duration, Instant};

use rustix::fs::{FallocateFlags, fallocate};

use super::engine::{Engine, Job};
use super::pattern::Order;
use super::target::Target;
use crate::arch::uring::Transfer;

pub(super) const MIB: usize = 1 << 20;
/// A look at the clock, and in the buffered way at the drive, after so much at most.
const PIECE: u64 = 16;

/// What laying out took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Laid {
    /// Bytes written.
    pub(super) written: u64,
    /// Bytes per second.
    pub(super) speed: f64,
}

/// Writes the file, for `most` at the longest; cuts it to what was written.
pub(super) fn lay_out(target: &mut Target, with_ring: bool, most: Duration) -> io::Result<Laid> {
    let begun = Instant::now();
    let end = begun + most;
    let blocks = target.bytes / MIB as u64;
    // Where this is not known it is not needed: writing takes the space as well.
    let _ = fallocate(&target.file, FallocateFlags::empty(), 0, target.bytes);
    let job = Job {
        transfer: Transfer::Write,
        order: Order::Sequential,
        block_bytes: MIB,
        depth: if with_ring { 8 } else { 1 },
        file_bytes: target.bytes,
        buffered: !target.direct,
    };
    let mut engine = Engine::new(&target.file, job, with_ring)?;
    let mut written = 0;
    let mut rest = Duration::ZERO;
    let mut full = None;
    while written < blocks && (written == 0 || Instant::now() + rest < end) {
        let left = end.saturating_duration_since(Instant::now() + rest).min(Duration::from_millis(250));
        match engine.lap(left, PIECE.min(blocks - written)) {
            Ok(lap) => {
                written += lap.requests;
                rest = engine.rest(lap);
            }
            Err(error) if is_full(&error) => {
                // Which of the last requests came through is not known.
                written = written.saturating_sub(u64::from(job.depth));
                target.space_short = true;
                full = Some(error);
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if !target.space_short || written >= blocks {
        written += engine.finish()?;
    }
    drop(engine);
    let laid = written.min(blocks);
    if laid == 0 {
        return Err(full.unwrap_or_else(|| io::ErrorKind::StorageFull.into()));
    }
    if laid < blocks {
        target.shorten(laid * MIB as u64)?;
    }
    target.file.sync_data()?;
    let written = written * MIB as u64;
    Ok(Laid { written, speed: written as f64 / begun.elapsed().as_secs_f64().max(1e-9) })
}

/// No space, or none left for this user.
fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_time_a_part_is_laid_out_and_the_file_is_as_long() {
        let folder = tempfile::tempdir().unwrap();
        let mut target = Target::open(folder.path(), 64 * MIB as u64).unwrap();
        let laid = lay_out(&mut target, false, Duration::ZERO).unwrap();
        assert_eq!(target.bytes, MIB as u64);
        assert!(laid.speed > 0.0);
        assert_eq!((laid.written, target.file.metadata().unwrap().len()), (target.bytes, target.bytes));
    }
}
