//! The server's only unsafe code: two calls to the C library, before anything else runs.

use std::ffi::{c_char, c_int};

#[expect(unsafe_code, reason = "the C library offers this as a plain C function")]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
unsafe extern "C" {
    /// From <nss.h>.
    fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
}

/// Prepares the process. Call it first in `main`, while there is only one thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn prepare() {
    look_up_names_plainly();
    share_the_heap();
}

/// Other C libraries need none of it.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn prepare() {}

/// A statically linked glibc still loads the plugins that /etc/nsswitch.conf names (`myhostname`, say), and
/// with plugins of another version it dies at the first look-up, even of localhost. The files and DNS that
/// it brings along are enough for a server.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the call is a plain C function")]
fn look_up_names_plainly() {
    // SAFETY: both arguments are NUL-terminated and are only read; no other thread runs yet, and none has
    // looked up a name. It can fail only for want of memory, and then nsswitch.conf stays in force.
    unsafe { __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr()) };
}

/// glibc gives each thread a heap of its own, up to eight times the cores, and hands little of them back:
/// a burst of requests would leave the process several times larger than it needs to be.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the call is a plain C function")]
fn share_the_heap() {
    const HEAPS: c_int = 2;
    const TRIM_BYTES: c_int = 256 * 1024;
    // SAFETY: mallopt takes two numbers; it fails on an unknown one without changing anything.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
        libc::mallopt(libc::M_TRIM_THRESHOLD, TRIM_BYTES);
    }
}
