//! The answers of the running kernel to what is not a file.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use super::outside::{Cpuid, Outside, RunError, Space};
use super::program;
use crate::arch::{cpuid, interfaces, nvme};

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

    fn cpuid(&self) -> Cpuid {
        cpuid::read()
    }

    fn architecture(&self) -> Option<String> {
        rustix::system::uname().machine().to_str().ok().map(str::to_owned)
    }

    fn addresses(&self) -> Vec<(String, IpAddr)> {
        interfaces::addresses().unwrap_or_default()
    }

    fn permanent_mac(&self, interface: &str) -> Option<[u8; 6]> {
        interfaces::permanent_mac(interface).ok()
    }

    fn nvme_health(&self, controller: &str) -> Result<Vec<u8>, RunError> {
        nvme::health(controller).map_err(|error| match error.kind() {
            ErrorKind::NotFound => RunError::NotPresent,
            ErrorKind::PermissionDenied => RunError::NotPermitted,
            _ => RunError::Failed,
        })
    }

    fn run(&self, program: &str, arguments: &[&str], timeout: Duration) -> Result<Vec<u8>, RunError> {
        program::run(program, arguments, timeout)
    }

    fn is_root(&self) -> bool {
        rustix::process::geteuid().is_root()
    }
}
