//! Runs a program of the system for its output, for a limited time.

use std::env;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::outside::RunError;

/// More than any of our programs writes.
const MAX_OUTPUT: u64 = 4 << 20;
/// Looked through before $PATH, in which users do not have the administrators' programs.
const FOLDERS: [&str; 7] =
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/lib/wsl/lib"];

/// How long a killed program may take to be gone; one that waits for a dead drive never is.
const LAST_BREATH: Duration = Duration::from_secs(1);

/// Who else ends when the program is ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// All that it started.
    Own,
    /// Nobody: it is in the group of this process, and ends with it.
    Ours,
}

/// The standard output of a program. When the time is over, it ends with all that it started.
pub(crate) fn run(program: &str, arguments: &[&str], timeout: Duration) -> Result<Vec<u8>, RunError> {
    run_in(Group::Own, program, arguments, timeout)
}

/// The same for a program that starts no other, and that shall not outlive the group of this process.
pub(crate) fn run_with_us(program: &str, arguments: &[&str], timeout: Duration) -> Result<Vec<u8>, RunError> {
    run_in(Group::Ours, program, arguments, timeout)
}

fn run_in(group: Group, program: &str, arguments: &[&str], timeout: Duration) -> Result<Vec<u8>, RunError> {
    let path = find(program).ok_or(RunError::NotPresent)?;
    let mut child = spawn(group, &path, arguments).map_err(|_| RunError::Failed)?;
    let Some(output) = child.stdout.take() else {
        end(group, &mut child);
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
    end(group, &mut child);
    match answer {
        Ok(Ok(bytes)) => {
            let joined = reader.join();
            joined.map(|()| bytes).map_err(|_| RunError::Failed)
        }
        Ok(Err(_)) => Err(RunError::Failed),
        Err(_) => Err(RunError::TimedOut),
    }
}

fn spawn(group: Group, path: &Path, arguments: &[&str]) -> std::io::Result<Child> {
    let mut command = Command::new(path);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if group == Group::Own {
        command.process_group(0);
    }
    command.spawn()
}

/// The output is complete or not wanted: nothing is left to wait for.
fn end(group: Group, child: &mut Child) {
    // Both fail where nothing is left to end.
    let _ = match group {
        Group::Own => {
            let leader = rustix::process::Pid::from_child(child);
            rustix::process::kill_process_group(leader, rustix::process::Signal::KILL).map_err(Into::into)
        }
        Group::Ours => child.kill(),
    };
    let deadline = Instant::now() + LAST_BREATH;
    // A child that cannot be waited for has been waited for.
    while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
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
    fn a_program_may_share_the_group_that_is_killed() {
        let told = ["-c", "cut -d ' ' -f 5 /proc/$$/stat"];
        let group = |output: Result<Vec<u8>, RunError>| {
            String::from_utf8(output.unwrap()).unwrap().trim().parse::<i32>().unwrap()
        };
        let ours = rustix::process::getpgrp().as_raw_nonzero().get();
        assert_eq!(group(run_with_us("sh", &told, Duration::from_secs(20))), ours);
        assert_ne!(group(run("sh", &told, Duration::from_secs(20))), ours);
        let late = run_with_us("sleep", &["100"], Duration::from_millis(50));
        assert_eq!(late, Err(RunError::TimedOut));
    }

    #[test]
    fn a_program_that_is_not_there() {
        assert_eq!(run("no-such-program-here", &[], Duration::from_secs(1)), Err(RunError::NotPresent));
    }
}
