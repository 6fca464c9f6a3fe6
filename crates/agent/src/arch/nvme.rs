//! Asks an NVMe controller for its health.

#![expect(unsafe_code, reason = "the kernel's NVMe commands are an ioctl on a struct with a pointer in it")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// Size of the SMART / Health Information log page, bytes.
const PAGE: usize = 512;
/// `_IOWR('N', 0x41, struct nvme_admin_cmd)`, linux/nvme_ioctl.h.
const ADMIN_COMMAND: u64 = 0xc048_4e41;
const GET_LOG_PAGE: u8 = 0x02;
const HEALTH: u32 = 0x02;
/// The log of the whole controller, not of one namespace.
const CONTROLLER: u32 = 0xffff_ffff;
const TIMEOUT_MS: u32 = 2000;

/// `struct nvme_admin_cmd`.
#[repr(C)]
#[derive(Default)]
struct AdminCommand {
    opcode: u8,
    flags: u8,
    reserved: u16,
    namespace: u32,
    words_2_3: [u32; 2],
    metadata: u64,
    data: u64,
    metadata_length: u32,
    data_length: u32,
    words_10_15: [u32; 6],
    timeout_ms: u32,
    result: u32,
}

/// Reads the SMART / Health Information log page through `/dev/nvme0`; needs root.
pub fn health(controller: &str) -> io::Result<Vec<u8>> {
    let device = File::open(format!("/dev/{controller}"))?;
    let mut page = vec![0u8; PAGE];
    let double_words = u32::try_from(PAGE / 4 - 1).map_err(io::Error::other)?;
    let mut command = AdminCommand {
        opcode: GET_LOG_PAGE,
        namespace: CONTROLLER,
        data: page.as_mut_ptr() as u64,
        data_length: u32::try_from(PAGE).map_err(io::Error::other)?,
        words_10_15: [(double_words << 16) | HEALTH, 0, 0, 0, 0, 0],
        timeout_ms: TIMEOUT_MS,
        ..AdminCommand::default()
    };
    // SAFETY: the command is laid out as the kernel expects, lives through the call, and names a buffer of
    // exactly the length that it states. The command reads from the drive and changes nothing on it.
    let status = unsafe { libc::ioctl(device.as_raw_fd(), ADMIN_COMMAND as _, &raw mut command) };
    match status {
        0 => Ok(page),
        status if status < 0 => Err(io::Error::last_os_error()),
        status => Err(io::Error::other(format!("the drive answers with status 0x{status:x}"))),
    }
}
