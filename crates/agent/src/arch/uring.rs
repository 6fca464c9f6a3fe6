//! Reads and writes through io_uring, with buffers that live as long as the kernel uses them.

use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::mem;
use std::os::fd::AsRawFd;

use io_uring::{IoUring, Probe, opcode, types};

/// Direct access wants memory, offset and length in whole sectors; no drive has larger ones.
const ALIGNMENT: usize = 4096;

/// Memory for one request, as direct access wants it.
pub struct Block {
    memory: Vec<u8>,
    start: usize,
    length: usize,
}

impl Block {
    /// A block of zeros.
    pub fn new(length: usize) -> Self {
        let memory = vec![0; length + ALIGNMENT];
        let start = memory.as_ptr().align_offset(ALIGNMENT);
        Self { memory, start, length }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.memory[self.start..self.start + self.length]
    }

    /// Its bytes, to be filled.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.start..self.start + self.length]
    }
}

/// What a request does with its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Fills it from the file.
    Read,
    /// Writes it to the file.
    Write,
}

/// A queue of requests on one file, each with a block of its own; for the thread that made it.
pub struct Ring {
    ring: IoUring,
    file: File,
    blocks: Vec<Block>,
    /// Which blocks the kernel has.
    flying: Vec<bool>,
    /// Newer kernels take requests from the thread only that made the ring.
    one_thread: PhantomData<*const ()>,
}

impl Ring {
    /// A ring for as many requests at once as there are blocks.
    ///
    /// # Errors
    /// Where the kernel has no io_uring, does not allow it, or is too old for plain reads and writes.
    pub fn new(file: File, blocks: Vec<Block>) -> io::Result<Self> {
        let entries = u32::try_from(blocks.len()).map_err(io::Error::other)?;
        let ring = set_up(entries.max(1).next_power_of_two())?;
        let mut probe = Probe::new();
        ring.submitter().register_probe(&mut probe)?;
        if !(probe.is_supported(opcode::Read::CODE) && probe.is_supported(opcode::Write::CODE)) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let flying = vec![false; blocks.len()];
        Ok(Self { ring, file, blocks, flying, one_thread: PhantomData })
    }

    /// The block of a request that is not under way.
    ///
    /// # Panics
    /// If the kernel has the block.
    pub fn block_mut(&mut self, slot: usize) -> &mut Block {
        assert!(!self.flying[slot], "a block is looked at only when its request has ended");
        &mut self.blocks[slot]
    }

    /// Starts a transfer between the whole block and the file; [`Ring::wait`] tells its end.
    ///
    /// # Panics
    /// If the block is under way already.
    pub fn push(&mut self, slot: usize, transfer: Transfer, offset: u64) -> io::Result<()> {
        let file = types::Fd(self.file.as_raw_fd());
        let bytes = self.block_mut(slot).bytes_mut();
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let entry = match transfer {
            Transfer::Read => opcode::Read::new(file, bytes.as_mut_ptr(), length).offset(offset).build(),
            Transfer::Write => opcode::Write::new(file, bytes.as_ptr(), length).offset(offset).build(),
        };
        // SAFETY: file and block live in `self` and are neither dropped, moved in memory nor looked at before
        // the request has ended: `flying` says so to `block_mut`, and `drop` waits for it.
        #[expect(unsafe_code, reason = "the kernel works on the block behind the compiler's back")]
        let pushed = unsafe { self.ring.submission().push(&entry.user_data(slot as u64)) };
        pushed.map_err(io::Error::other)?;
        self.flying[slot] = true;
        // At once, not together with the next ones: the drive works while they are got ready.
        // What the kernel does not take now stays queued, and starts with the next `wait`.
        passing(self.ring.submit()).map(drop)
    }

    /// Starts what is queued, waits until at least one request has ended, and lists those that have: the
    /// slot, and the bytes transferred.
    pub fn wait(&mut self, ended: &mut Vec<(usize, io::Result<usize>)>) -> io::Result<()> {
        loop {
            passing(self.ring.submit_and_wait(1))?;
            let before = ended.len();
            for entry in self.ring.completion() {
                let slot = usize::try_from(entry.user_data()).unwrap_or(usize::MAX);
                if let Some(flying) = self.flying.get_mut(slot) {
                    *flying = false;
                    let result = usize::try_from(entry.result());
                    ended.push((slot, result.map_err(|_| io::Error::from_raw_os_error(-entry.result()))));
                }
            }
            if ended.len() > before {
                return Ok(());
            }
        }
    }

    /// Requests that the kernel has, or will have with the next [`Ring::wait`].
    pub fn under_way(&self) -> usize {
        self.flying.iter().filter(|flying| **flying).count()
    }
}

/// What the kernel took; nothing where it was interrupted, or wants completions taken before it takes more.
fn passing(taken: io::Result<usize>) -> io::Result<usize> {
    match taken {
        Err(error) if matches!(error.raw_os_error(), Some(libc::EINTR | libc::EAGAIN | libc::EBUSY)) => Ok(0),
        taken => taken,
    }
}

/// Completions are handled when they are asked for, without interrupting anybody, where the kernel can do so
/// (6.1, or at least 5.19); the ring is then for one thread alone.
fn set_up(entries: u32) -> io::Result<IoUring> {
    IoUring::builder()
        .setup_single_issuer()
        .setup_defer_taskrun()
        .build(entries)
        .or_else(|_| IoUring::builder().setup_coop_taskrun().build(entries))
        .or_else(|_| IoUring::new(entries))
}

impl Drop for Ring {
    fn drop(&mut self) {
        let mut ended = Vec::new();
        while self.under_way() > 0 {
            if self.wait(&mut ended).is_err() {
                // The kernel may still write into the blocks: better lost than used for something else.
                mem::forget(mem::take(&mut self.blocks));
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned() {
        for length in [4096, 1 << 20] {
            let mut block = Block::new(length);
            assert_eq!(block.bytes().as_ptr().align_offset(ALIGNMENT), 0);
            assert_eq!(block.bytes_mut().len(), length);
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let file = tempfile::tempfile().unwrap();
        let blocks = (0..4).map(|_| Block::new(4096)).collect();
        let mut ring = match Ring::new(file.try_clone().unwrap(), blocks) {
            Ok(ring) => ring,
            // Containers do not allow io_uring; that it says so is all there is to see then.
            Err(error) => return assert!(error.raw_os_error().is_some(), "{error}"),
        };
        for slot in 0..4 {
            ring.block_mut(slot).bytes_mut().fill(slot as u8 + 1);
            ring.push(slot, Transfer::Write, slot as u64 * 4096).unwrap();
        }
        drain(&mut ring);
        ring.block_mut(0).bytes_mut().fill(0);
        ring.push(0, Transfer::Read, 3 * 4096).unwrap();
        drain(&mut ring);
        assert_eq!(ring.block_mut(0).bytes(), [4; 4096]);
        assert_eq!(file.metadata().unwrap().len(), 4 * 4096);
    }

    #[test]
    fn what_passes_is_no_error() {
        for passes in [libc::EINTR, libc::EAGAIN, libc::EBUSY] {
            assert_eq!(passing(Err(io::Error::from_raw_os_error(passes))).unwrap(), 0);
        }
        assert_eq!(passing(Ok(1)).unwrap(), 1);
        assert!(passing(Err(io::Error::from_raw_os_error(libc::EBADF))).is_err());
    }

    fn drain(ring: &mut Ring) {
        let mut ended = Vec::new();
        while ring.under_way() > 0 {
            ring.wait(&mut ended).unwrap();
        }
        assert!(ended.iter().all(|(_, result)| matches!(result, Ok(4096))), "{ended:?}");
    }
}
