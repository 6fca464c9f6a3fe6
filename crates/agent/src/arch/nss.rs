//! Which name services a host name is looked up with.

/// Looks host names up in /etc/hosts and DNS only. Call it first, before anything resolves a name.
///
/// A statically linked glibc still loads the plugins that /etc/nsswitch.conf names (`myhostname`, `mdns4`,
/// `resolve` …), and crashes in those that were built for another glibc, even for `localhost`.
pub fn use_files_and_dns() {
    #[cfg(target_env = "gnu")]
    configure_hosts();
}

#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "glibc offers no safe way to choose name services")]
fn configure_hosts() {
    unsafe extern "C" {
        // From <nss.h>.
        fn __nss_configure_lookup(
            database: *const std::ffi::c_char,
            services: *const std::ffi::c_char,
        ) -> std::ffi::c_int;
    }
    // SAFETY: both arguments are NUL-terminated and live for ever, which the function, as it keeps what it
    // parsed, needs at most; it is called before any thread exists that could resolve a name. It can only
    // fail for want of memory or an unknown database, and then nsswitch.conf stays in force as before.
    unsafe { __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr()) };
}
