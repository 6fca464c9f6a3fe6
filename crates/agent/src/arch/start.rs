//! What the whole program is set to before it does anything else.

/// Sets the process up. Call it first, before any thread exists.
///
/// Without unwind tables, as the program is handed out, an attempt to trace the stack ends the process: no
/// error may try one. And a limit on file sizes (`ulimit -f`) shall be an error of the write, not the end.
#[expect(unsafe_code, reason = "the environment and the reaction to a signal belong to the whole process")]
pub fn prepare() {
    for variable in ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"] {
        // SAFETY: no other thread exists that could read the environment at the same time.
        unsafe { std::env::set_var(variable, "0") };
    }
    // SAFETY: to ignore a signal installs no code of ours; it can only fail for a number that is no signal.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}
