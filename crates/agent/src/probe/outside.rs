//! What an inventory needs and no file holds.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

/// Answers to what is not a file. Every answer may be "unknown", which is the default of all.
pub trait Outside: Send + Sync {
    /// The space of the file system at `path`.
    fn space(&self, path: &Path) -> Option<Space> {
        let _ = path;
        None
    }

    /// What the processor says of itself.
    fn cpuid(&self) -> Cpuid {
        Cpuid::default()
    }

    /// The machine's architecture: `x86_64`, `aarch64` …
    fn architecture(&self) -> Option<String> {
        None
    }

    /// The addresses of the interfaces, by interface name.
    fn addresses(&self) -> Vec<(String, IpAddr)> {
        Vec::new()
    }

    /// The hardware address that an adapter was made with, whatever it uses now.
    fn permanent_mac(&self, interface: &str) -> Option<[u8; 6]> {
        let _ = interface;
        None
    }

    /// The SMART log page of an NVMe drive: `nvme0`.
    fn nvme_health(&self, controller: &str) -> Result<Vec<u8>, RunError> {
        let _ = controller;
        Err(RunError::NotPresent)
    }

    /// The standard output of a program.
    fn run(&self, program: &str, arguments: &[&str], timeout: Duration) -> Result<Vec<u8>, RunError> {
        let _ = (program, arguments, timeout);
        Err(RunError::NotPresent)
    }

    /// This program may do everything on the machine.
    fn is_root(&self) -> bool {
        false
    }
}

/// The space of a file system, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// Size.
    pub total: u64,
    /// In use.
    pub used: u64,
    /// Left for everybody but root.
    pub available: u64,
}

/// What the processor says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cpuid {
    /// The twelve characters by which a hypervisor shows itself: `KVMKVMKVM`.
    pub hypervisor: Option<String>,
    /// Base frequency, MHz.
    pub base_mhz: Option<u32>,
    /// Highest frequency, MHz.
    pub max_mhz: Option<u32>,
}

/// Why a program or a device gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunError {
    /// It is not on this machine.
    NotPresent,
    /// Only root may ask.
    NotPermitted,
    /// It took longer than it may.
    TimedOut,
    /// It answered with an error.
    Failed,
}

/// A machine without anything outside its files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Outside for Nothing {}
