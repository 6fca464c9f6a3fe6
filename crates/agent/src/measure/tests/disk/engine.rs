//! How requests reach the drive: through io_uring, or by threads that read and write.

use std::fs::File;
use std::io;
use std::mem;
use std::os::unix::fs::FileExt as _;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};

use super::pattern::{Offsets, Order, is_stamped, stamp};
use crate::arch::uring::{Block, Ring, Transfer};
use crate::measure::noise::Noise;

/// One kind of request on one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) transfer: Transfer,
    pub(super) order: Order,
    pub(super) block_bytes: usize,
    /// Requests in flight.
    pub(super) depth: u32,
    /// Bytes of the file.
    pub(super) file_bytes: u64,
    /// Through the page cache: its work counts as the drive's only once it has reached the drive.
    pub(super) buffered: bool,
}

/// What one lap did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lap {
    /// Requests that ended.
    pub(super) requests: u64,
    pub(super) time: Duration,
}

impl Lap {
    /// Requests per second.
    pub(super) fn rate(self) -> f64 {
        self.requests as f64 / self.time.as_secs_f64().max(1e-9)
    }
}

/// Requests under way, lap after lap.
pub(super) struct Engine {
    job: Job,
    file: File,
    way: Way,
    /// Every block that was read was the one asked for.
    pub(super) correct: bool,
}

enum Way {
    Ring(Box<RingWay>),
    Threads(Vec<Lane>),
}

/// The ring, with what each of its slots is at.
struct RingWay {
    ring: Ring,
    file: File,
    offsets: Offsets,
    at: Vec<u64>,
    /// The end of the last lap: requests that were under way then count from there.
    since: Option<Instant>,
    ended: Vec<(usize, io::Result<usize>)>,
}

/// One thread.
struct Lane {
    block: Block,
    offsets: Offsets,
    correct: bool,
}

impl Engine {
    /// Gets ready; nothing is read or written yet.
    pub(super) fn new(file: &File, job: Job, with_ring: bool) -> io::Result<Self> {
        let blocks: Vec<Block> = (0..job.depth).map(|index| noisy(job.block_bytes, index)).collect();
        let count = (job.file_bytes / job.block_bytes as u64).max(1);
        let offsets = |lane| Offsets::new(job.order, job.block_bytes as u64, count, lane);
        let way = if with_ring {
            let ring = Ring::new(file.try_clone()?, blocks)?;
            let at = vec![0; job.depth as usize];
            Way::Ring(Box::new(RingWay {
                ring,
                file: file.try_clone()?,
                offsets: offsets((0, 1)),
                at,
                since: None,
                ended: Vec::new(),
            }))
        } else {
            let depth = u64::from(job.depth);
            let lanes = (0..).zip(blocks);
            Way::Threads(
                lanes
                    .map(|(index, block)| Lane { block, offsets: offsets((index, depth)), correct: true })
                    .collect(),
            )
        };
        Ok(Self { job, file: file.try_clone()?, way, correct: true })
    }

    /// Works for about `window`, and until the end of a request; or, if that comes first, for `most` of them.
    pub(super) fn lap(&mut self, window: Duration, most: u64) -> io::Result<Lap> {
        if self.job.buffered && self.job.transfer == Transfer::Read {
            // Advice that a file system does not take leaves the pages where they are: `cached_reads` tells.
            let _ = fadvise(&self.file, 0, None, Advice::DontNeed);
        }
        let begun = Instant::now();
        let job = self.job;
        let lap = match &mut self.way {
            Way::Ring(way) => {
                let lap = way.lap(&job, begun + window, most, &mut self.correct)?;
                if job.buffered { way.drain(&job, lap, &mut self.correct)? } else { lap }
            }
            Way::Threads(lanes) => {
                let lap = threads(&self.file, &job, lanes, (begun + window, most))?;
                self.correct &= lanes.iter().all(|lane| lane.correct);
                lap
            }
        };
        if job.buffered && job.transfer == Transfer::Write {
            self.file.sync_data()?;
            return Ok(Lap { time: begun.elapsed(), ..lap });
        }
        Ok(lap)
    }

    /// What it takes until everything that is under way has ended, at the rate of that lap.
    pub(super) fn rest(&self, lap: Lap) -> Duration {
        match &self.way {
            Way::Ring(way) if way.since.is_some() => {
                Duration::from_secs_f64(f64::from(self.job.depth) / lap.rate().max(1.0))
            }
            Way::Ring(_) | Way::Threads(_) => Duration::ZERO,
        }
    }

    /// Waits for what is under way; returns how many more requests ended.
    pub(super) fn finish(&mut self) -> io::Result<u64> {
        let job = self.job;
        match &mut self.way {
            Way::Ring(way) => {
                let none = Lap { requests: 0, time: Duration::ZERO };
                Ok(way.drain(&job, none, &mut self.correct)?.requests)
            }
            Way::Threads(_) => Ok(0),
        }
    }
}

fn noisy(bytes: usize, index: u32) -> Block {
    let mut block = Block::new(bytes);
    Noise::new(u64::from(index)).fill(block.bytes_mut());
    block
}

impl RingWay {
    fn lap(&mut self, job: &Job, end: Instant, most: u64, correct: &mut bool) -> io::Result<Lap> {
        let since = self.since.unwrap_or_else(Instant::now);
        let mut requests = 0;
        if self.ring.under_way() == 0 {
            for slot in 0..self.at.len() {
                self.push(slot, job)?;
            }
        }
        loop {
            self.ring.wait(&mut self.ended)?;
            requests += self.take(job, correct, true)?;
            let now = Instant::now();
            if now >= end || requests >= most {
                self.since = Some(now);
                return Ok(Lap { requests, time: now.duration_since(since) });
            }
        }
    }

    fn push(&mut self, slot: usize, job: &Job) -> io::Result<()> {
        let offset = self.offsets.next();
        self.at[slot] = offset;
        if job.transfer == Transfer::Write {
            stamp(self.ring.block_mut(slot).bytes_mut(), offset);
        }
        self.ring.push(slot, job.transfer, offset)
    }

    /// Looks at the requests that have ended; each is followed by another if `go_on`.
    fn take(&mut self, job: &Job, correct: &mut bool, go_on: bool) -> io::Result<u64> {
        let mut ended = mem::take(&mut self.ended);
        let count = ended.len() as u64;
        for (slot, result) in ended.drain(..) {
            let (bytes, block, offset) = (result?, self.ring.block_mut(slot).bytes(), self.at[slot]);
            match job.transfer {
                Transfer::Read => {
                    whole(bytes, job)?;
                    *correct &= is_stamped(block, offset);
                }
                Transfer::Write => write_rest(&self.file, block, (offset, bytes), job)?,
            }
            if go_on {
                self.push(slot, job)?;
            }
        }
        self.ended = ended;
        Ok(count)
    }

    fn drain(&mut self, job: &Job, mut lap: Lap, correct: &mut bool) -> io::Result<Lap> {
        let begun = Instant::now();
        while self.ring.under_way() > 0 {
            self.ring.wait(&mut self.ended)?;
            lap.requests += self.take(job, correct, false)?;
        }
        self.since = None;
        lap.time += begun.elapsed();
        Ok(lap)
    }
}

fn whole(bytes: usize, job: &Job) -> io::Result<()> {
    if bytes == job.block_bytes {
        return Ok(());
    }
    let message = format!("{bytes} of {} bytes were transferred", job.block_bytes);
    Err(io::Error::new(io::ErrorKind::UnexpectedEof, message))
}

/// Writes what a write of `bytes` has left over. A write that meets a limit stops short without saying why: only
/// the next one tells.
fn write_rest(file: &File, block: &[u8], (offset, bytes): (u64, usize), job: &Job) -> io::Result<()> {
    let rest = block.get(bytes..).unwrap_or_default();
    match file.write_all_at(rest, offset + bytes as u64) {
        // Where direct access does not take so small a piece, no more is known than that it was short.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => whole(bytes, job),
        told => told,
    }
}

/// Every lane on a thread of its own; a single one on this.
fn threads(file: &File, job: &Job, lanes: &mut [Lane], limits: (Instant, u64)) -> io::Result<Lap> {
    let (end, most) = limits;
    let each = most.div_ceil(lanes.len().max(1) as u64);
    if let [lane] = lanes {
        return lane.lap(file, job, end, each);
    }
    let laps: Vec<io::Result<Lap>> = thread::scope(|scope| {
        let working: Vec<_> =
            lanes.iter_mut().map(|lane| scope.spawn(|| lane.lap(file, job, end, each))).collect();
        working
            .into_iter()
            .map(|lane| lane.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
            .collect()
    });
    let laps: Vec<Lap> = laps.into_iter().collect::<io::Result<_>>()?;
    let requests = laps.iter().map(|lap| lap.requests).sum();
    let rate: f64 = laps.iter().map(|lap| lap.rate()).sum();
    // Lanes end at the end of a request of theirs: the time that gives the sum of their rates.
    let time = Duration::try_from_secs_f64(requests as f64 / rate).unwrap_or_default();
    Ok(Lap { requests, time })
}

impl Lane {
    fn lap(&mut self, file: &File, job: &Job, end: Instant, most: u64) -> io::Result<Lap> {
        let begun = Instant::now();
        let mut requests = 0;
        loop {
            let offset = self.offsets.next();
            match job.transfer {
                Transfer::Read => {
                    whole(file.read_at(self.block.bytes_mut(), offset)?, job)?;
                    self.correct &= is_stamped(self.block.bytes(), offset);
                }
                Transfer::Write => {
                    stamp(self.block.bytes_mut(), offset);
                    let bytes = file.write_at(self.block.bytes(), offset)?;
                    write_rest(file, self.block.bytes(), (offset, bytes), job)?;
                }
            }
            requests += 1;
            let now = Instant::now();
            if now >= end || requests >= most {
                return Ok(Lap { requests, time: now.duration_since(begun) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_millis(5);

    fn job(transfer: Transfer, depth: u32) -> Job {
        let file_bytes = 64 * 4096;
        Job { transfer, order: Order::Sequential, block_bytes: 4096, depth, file_bytes, buffered: true }
    }

    /// The ways that this machine has.
    fn ways(file: &File) -> Vec<bool> {
        let ring = Engine::new(file, job(Transfer::Read, 1), true).is_ok();
        if ring { vec![true, false] } else { vec![false] }
    }

    #[test]
    fn every_way_writes_the_whole_file_and_reads_it_back() {
        for depth in [1, 4] {
            let file = tempfile::tempfile().unwrap();
            for ring in ways(&file) {
                file.set_len(0).unwrap();
                let mut writer = Engine::new(&file, job(Transfer::Write, depth), ring).unwrap();
                let lap = writer.lap(Duration::from_secs(60), 64).unwrap();
                assert!(lap.requests >= 64, "{lap:?}");
                assert_eq!(writer.finish().unwrap(), 0);
                assert_eq!(file.metadata().unwrap().len(), 64 * 4096);
                let mut reader = Engine::new(&file, job(Transfer::Read, depth), ring).unwrap();
                assert!(reader.lap(WINDOW, 1000).unwrap().rate() > 0.0);
                assert!(reader.correct, "ring {ring}, depth {depth}");
            }
        }
    }

    #[test]
    fn a_block_of_another_place_is_noticed() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(64 * 4096).unwrap();
        for ring in ways(&file) {
            let mut reader = Engine::new(&file, job(Transfer::Read, 2), ring).unwrap();
            reader.lap(WINDOW, 10).unwrap();
            assert!(!reader.correct, "ring {ring}");
        }
    }

    #[test]
    fn a_file_that_ends_too_early_is_an_error() {
        let file = tempfile::tempfile().unwrap();
        for ring in ways(&file) {
            let mut reader = Engine::new(&file, job(Transfer::Read, 2), ring).unwrap();
            assert_eq!(reader.lap(WINDOW, 10).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        }
    }
}
