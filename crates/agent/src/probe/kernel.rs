//! The answers of the running kernel to what is not a file.

use std::path::Path;

use super::outside::{Outside, Space};

/// The kernel that this program runs on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel;

impl Outside for Kernel {
    fn space(&self, path: &Path) -> Option<Space> {
        let stat = rustix::fs::statvfs(path).ok()?;
        let used = stat.f_blocks.saturating_sub(stat.f_bfree);
        Some(Space {
            total: stat.f_blocks.saturating_mul(stat.f_frsize),
            used: used.saturating_mul(stat.f_frsize),
            available: stat.f_bavail.saturating_mul(stat.f_frsize),
        })
    }

    fn architecture(&self) -> Option<String> {
        rustix::system::uname().machine().to_str().ok().map(str::to_owned)
    }

    fn is_root(&self) -> bool {
        rustix::process::geteuid().is_root()
    }
}
