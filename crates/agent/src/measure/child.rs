//! One component in a process of its own: a crash or a hang costs that component, and nothing else.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use report::Component;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::plan::ComponentPlan;
use super::protocol::Line;

/// How often the caller hears that time passes.
const TICK: Duration = Duration::from_millis(100);
/// How long a process that closed its output may take to end.
const LAST_BREATH: Duration = Duration::from_secs(1);
/// What is kept of the error output, bytes from its end.
const STDERR_KEPT: usize = 2_000;

/// Why a component did not say all it had to say.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// Killed when its time was up.
    #[error("still running after {:.1} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// Ended by itself, or by somebody else's signal, before it was done.
    #[error("{0}")]
    Crashed(String),
    /// Never started.
    #[error("the measuring process did not start")]
    NotStarted(#[source] io::Error),
}

impl ChildError {
    /// The code that stands in the report.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TimedOut(_) => "timed_out",
            Self::Crashed(_) | Self::NotStarted(_) => "crashed",
        }
    }
}

/// What the caller hears while a component is measured.
pub(crate) enum Heard {
    /// It said something.
    Line(Line),
    /// Time passed.
    Tick,
}

/// Runs `<program> measure <component>` until it is done, or `limit` has passed; nothing of it is left then.
pub(crate) fn run(
    program: &Path,
    component: Component,
    plan: &ComponentPlan,
    limit: Duration,
    hear: &mut dyn FnMut(Heard),
) -> Result<(), ChildError> {
    let deadline = Instant::now() + limit;
    let mut child = spawn(program, component).map_err(ChildError::NotStarted)?;
    hand_over(&mut child, plan);
    let errors = child.stderr.take().map(|stderr| thread::spawn(move || tail(stderr)));
    let lines = child.stdout.take().map(listen);
    let done = lines.map(|lines| follow(&lines, deadline, hear)).unwrap_or(End::Closed);
    let exited = if matches!(done, End::Closed) { wait_exited(&child, LAST_BREATH) } else { false };
    kill_group(&child);
    let status = child.wait();
    let errors = errors.and_then(|thread| thread.join().ok()).unwrap_or_default();
    match done {
        End::Done => Ok(()),
        End::TimedOut => Err(ChildError::TimedOut(limit)),
        End::Closed => Err(ChildError::Crashed(describe(exited, status, &errors))),
    }
}

/// How the conversation ended.
enum End {
    Done,
    Closed,
    TimedOut,
}

fn spawn(program: &Path, component: Component) -> io::Result<Child> {
    Command::new(program)
        .arg("measure")
        .arg(component.as_str())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Gives the child its plan. If it has died already, its silence tells so better than this error.
fn hand_over(child: &mut Child, plan: &ComponentPlan) {
    if let Some(mut stdin) = child.stdin.take() {
        let text = serde_json::to_vec(plan).expect("a plan holds only text, numbers and lists");
        drop(stdin.write_all(&text));
    }
}

fn listen(stdout: impl Read + Send + 'static) -> Receiver<Line> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for text in BufReader::new(stdout).lines() {
            let Ok(text) = text else { return };
            // A line that is none of ours ends the conversation: the child is not to be trusted then.
            let Ok(line) = serde_json::from_str(&text) else { return };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn follow(lines: &Receiver<Line>, deadline: Instant, hear: &mut dyn FnMut(Heard)) -> End {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return End::TimedOut;
        }
        match lines.recv_timeout(left.min(TICK)) {
            Ok(Line::Done(_)) => return End::Done,
            Ok(line) => hear(Heard::Line(line)),
            Err(RecvTimeoutError::Timeout) => hear(Heard::Tick),
            Err(RecvTimeoutError::Disconnected) => return End::Closed,
        }
    }
}

fn tail(mut stderr: impl Read) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..read]);
        let excess = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..excess);
    }
    String::from_utf8_lossy(&kept).trim().to_owned()
}

/// Waits for the end without taking the status, so that the process group keeps its number until it is killed.
fn wait_exited(child: &Child, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        match waitid(WaitId::Pid(pid(child)), options) {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            _ => return false,
        }
    }
}

fn kill_group(child: &Child) {
    // The only error is that nothing of the group is left.
    let _ = kill_process_group(pid(child), Signal::KILL);
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

fn describe(exited: bool, status: io::Result<ExitStatus>, errors: &str) -> String {
    let how = match status {
        Ok(_) if !exited => "closed its output and did not end".to_owned(),
        Ok(status) => match (status.signal(), status.code()) {
            (Some(signal), _) => format!("ended by signal {signal}"),
            (None, Some(code)) => format!("ended with exit code {code} before it was done"),
            (None, None) => "ended before it was done".to_owned(),
        },
        Err(error) => format!("was lost: {error}"),
    };
    if errors.is_empty() { how } else { format!("{how}: {errors}") }
}
