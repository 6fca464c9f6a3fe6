//! The real program as a process of its own, with what it says on standard error.

use std::io::{BufRead, BufReader, ErrorKind};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::common::{Answer, Request, TOKEN, send};

const PROGRAM: &str = env!("CARGO_BIN_EXE_benchtools-server");
/// Longer than anything takes that is not stuck.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program with a clean environment: a database in `folder`, any free port of this machine alone.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().current_dir(folder).env("HOST", "127.0.0.1").env("PORT", "0");
    command
}

/// The same, with the token of the servers here.
pub(crate) fn with_token(folder: &Path) -> Command {
    let mut command = program(folder);
    command.env("API_TOKEN", TOKEN);
    command
}

/// Runs the program to its end, which must come by itself.
pub(crate) fn run(command: &mut Command, arguments: &[&str]) -> Output {
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// What a run said on standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A serving process; killed when dropped.
pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts it, and waits until it listens.
    pub(crate) fn serve(command: &mut Command) -> Self {
        Self::spawn(command).listening()
    }

    /// Waits until it listens.
    pub(crate) fn listening(mut self) -> Self {
        let line = self.wait_for("http://127.0.0.1:");
        let address = line.split("http://").nth(1).unwrap();
        let end = address.find(|c: char| !c.is_ascii_digit() && !".:".contains(c)).unwrap_or(address.len());
        self.address = address[..end].parse().unwrap();
        self
    }

    /// Starts it, and does not wait.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        command.arg("serve").stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = loop {
            match command.spawn() {
                // A copy just written may still be open in a child that another test is starting.
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                spawned => break spawned.unwrap(),
            }
        };
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { child, lines, said: Vec::new(), address: nowhere }
    }

    /// The next line with this text.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|error| panic!("{error}: no {text:?} in {:#?}", self.said));
            self.said.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    pub(crate) fn send(&self, request: &Request) -> Answer {
        send(self.address, request)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop.
    pub(crate) fn signal(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Ends it without a word.
    pub(crate) fn kill(&self) {
        kill_process(Pid::from_child(&self.child), Signal::KILL).unwrap();
    }

    /// Asks it to stop, and waits until it says that it does.
    pub(crate) fn terminate(&mut self) {
        self.signal();
        self.wait_for("stopping");
    }

    /// Waits for its end: how it ended, and all that it said.
    pub(crate) fn end(mut self) -> (ExitStatus, Vec<String>) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.said.push(line),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(error) => panic!("{error}: it does not end: {:#?}", self.said),
            }
        }
        (self.child.wait().unwrap(), std::mem::take(&mut self.said))
    }

    /// Stops it; all that it said.
    pub(crate) fn stop(mut self) -> Vec<String> {
        self.terminate();
        let (status, said) = self.end();
        assert!(status.success(), "{status}: {said:#?}");
        said
    }

    /// The most memory that it ever had, bytes.
    pub(crate) fn peak_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}
