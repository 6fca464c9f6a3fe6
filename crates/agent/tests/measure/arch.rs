//! The one call of these tests that the language calls unsafe.
#![expect(unsafe_code, reason = "advice on memory is given by pointer, and some of it empties the memory")]

use std::io;

use rustix::mm::{Advice, madvise};

/// Has the kernel move the whole pages of this memory to where it swaps to.
pub(crate) fn swap_out(memory: &mut [u8]) -> io::Result<()> {
    let start = memory.as_ptr().align_offset(rustix::param::page_size()).min(memory.len());
    let pages = &mut memory[start..];
    // SAFETY: the pages are this slice's own, and come back with what was in them when they are touched.
    unsafe { madvise(pages.as_mut_ptr().cast(), pages.len(), Advice::LinuxPageOut) }?;
    Ok(())
}
