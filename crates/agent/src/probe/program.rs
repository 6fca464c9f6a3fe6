//! Runs a program of the system for its output, for a limited time.

use std::env;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::outside::RunError;

/// More than any of our programs writes.
const MAX_OUTPUT: u64 = 4 << 20;
/// Looked through before $PATH, in which users do not have the administrators' programs.
const FOLDERS: [&str; 7] =
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/lib/wsl/lib"];

/// The standard output of a program. When the time is over, it ends with all that it started.
pub(crate) fn run(program: &str, arguments: &[&str], timeout: Duration) -> Result<Vec<u8>, RunError> {
    let path = find(program).ok_or(RunError::NotPresent)?;
    let mut child = spawn(&path, arguments).map_err(|_| RunError::Failed)?;
    let Some(output) = child.stdout.take() else {
        end(&mut child);
        return Err(RunError::Failed);
    };
    let (sender, receiver) = mpsc::channel();
    // Reading in a thread of its own gives the wait a limit without polling.
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(MAX_OUTPUT).read_to_end(&mut bytes).map(|_| bytes);
        // The receiver is gone when the time was over: nobody wants the bytes any more.
        let _ = sender.send(read);
    });
    let answer = receiver.recv_timeout(timeout);
    end(&mut child);
    match answer {
        Ok(Ok(bytes)) => {
            let joined = reader.join();
            joined.map(|()| bytes).map_err(|_| RunError::Failed)
        }
        Ok(Err(_)) => Err(RunError::Failed),
        Err(_) => Err(RunError::TimedOut),
    }
}

fn spawn(path: &Path, arguments: &[&str]) -> std::io::Result<Child> {
    let mut command = Command::new(path);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command.process_group(0).spawn()
}

/// The output is complete or not wanted: nothing is left to wait for.
fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // Fails where the group has ended by itself.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    // A child that cannot be waited for has been waited for.
    let _ = child.wait();
}

fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = FOLDERS.iter().map(PathBuf::from).chain(env::split_paths(&path));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn output_of_a_program() {
        let output = run("sh", &["-c", "echo one; echo two"], Duration::from_secs(20)).expect("runs");
        assert_eq!(output, b"one\ntwo\n");
    }

    #[test]
    fn a_program_that_hangs_ends_with_its_children() {
        let begin = Instant::now();
        let answer = run("sh", &["-c", "echo begun; sleep 100 & wait"], Duration::from_millis(50));
        assert_eq!(answer, Err(RunError::TimedOut));
        assert!(begin.elapsed() < Duration::from_secs(20), "nobody waited for the sleeper");
    }

    #[test]
    fn a_program_that_is_not_there() {
        assert_eq!(run("no-such-program-here", &[], Duration::from_secs(1)), Err(RunError::NotPresent));
    }
}
