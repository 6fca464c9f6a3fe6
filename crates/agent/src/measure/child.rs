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
    let plan = serde_json::to_vec(plan).map_err(|error| ChildError::NotStarted(error.into()))?;
    let mut child = spawn(program, component).map_err(ChildError::NotStarted)?;
    hand_over(&mut child, &plan);
    let errors = child.stderr.take().map(|stderr| thread::spawn(move || tail(stderr)));
    let lines = child.stdout.take().map(listen);
    let done = lines.map(|lines| follow(&lines, deadline, hear)).unwrap_or(End::Closed);
    let exited = if matches!(done, End::Closed) { wait_exited(&child, LAST_BREATH) } else { false };
    kill_group(&child);
    // A process that waits for a dead drive ends only with it. The run goes on without it then.
    let (status, errors) = match wait_exited(&child, LAST_BREATH) {
        true => (child.wait(), errors.and_then(|thread| thread.join().ok()).unwrap_or_default()),
        false => (Err(io::Error::other("it cannot be ended")), String::new()),
    };
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
fn hand_over(child: &mut Child, plan: &[u8]) {
    if let Some(mut stdin) = child.stdin.take() {
        drop(stdin.write_all(plan));
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

#[cfg(test)]
mod tests {
    use std::fs;

    use report::Preset;

    use super::*;

    /// Runs a shell script in the place of a component.
    fn run_script(script: &str, limit: Duration) -> (Result<(), ChildError>, Vec<Line>) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        // Written by another process: a program that we hold open for writing, or a fork of us, cannot be run.
        let mut writer = Command::new("sh")
            .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
            .arg(&program)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        writer.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{script}\n").as_bytes()).unwrap();
        assert!(writer.wait().unwrap().success());
        let mut lines = Vec::new();
        let plan = ComponentPlan::new(Preset::Short, limit);
        let ended = run(&program, Component::Cpu, &plan, limit, &mut |heard| match heard {
            Heard::Line(line) => lines.push(line),
            Heard::Tick => {}
        });
        (ended, lines)
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_component_that_says_all_is_done() {
        let script =
            r#"cat > /dev/null; echo '{"progress":"x"}'; echo '{"done":true}'; echo '{"written":1}'"#;
        let (ended, lines) = run_script(script, MINUTE);
        ended.unwrap();
        assert_eq!(lines, [Line::Progress("x".to_owned())]);
    }

    #[test]
    fn a_panic_that_aborts_costs_the_component_and_is_told_with_its_signal() {
        let script = r#"echo '{"written":5}'; echo "thread panicked at prime.rs" >&2; kill -ABRT $$"#;
        let (ended, lines) = run_script(script, MINUTE);
        let error = ended.unwrap_err();
        assert_eq!(error.reason(), "crashed");
        assert_eq!(error.to_string(), "ended by signal 6: thread panicked at prime.rs");
        assert_eq!(lines, [Line::Written(5)], "what it had said stands");
    }

    #[test]
    fn an_end_without_the_last_line_is_a_crash() {
        let error = run_script("exit 3", MINUTE).0.unwrap_err();
        assert_eq!(error.to_string(), "ended with exit code 3 before it was done");
        let error = run_script("echo nonsense; exec sleep 600", MINUTE).0.unwrap_err();
        assert_eq!(error.to_string(), "closed its output and did not end");
    }

    #[test]
    fn a_component_that_hangs_is_killed_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let pid_file = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > '{0}.new'; mv '{0}.new' '{0}'; wait", pid_file.display());
        let limit = Duration::from_millis(1500);
        let error = run_script(&script, limit).0.unwrap_err();
        assert!(matches!(error, ChildError::TimedOut(after) if after == limit), "{error}");
        assert_eq!(error.reason(), "timed_out");
        let pid = fs::read_to_string(pid_file).unwrap();
        let state = || fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        // Dead at once; a dead process whose parent has not looked yet is a zombie.
        let gone = (0..1000).any(|_| {
            thread::yield_now();
            state().rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with('Z'))
        });
        assert!(gone, "{}", state());
    }

    #[test]
    fn a_plan_that_cannot_be_written_down_is_an_error() {
        use std::os::unix::ffi::OsStrExt as _;
        let mut plan = ComponentPlan::new(Preset::Short, MINUTE);
        plan.disk_paths = vec![std::ffi::OsStr::from_bytes(b"/tmp/\xff").into()];
        let ended = run(Path::new("/bin/true"), Component::Cpu, &plan, MINUTE, &mut |_| {});
        assert!(matches!(ended, Err(ChildError::NotStarted(_))));
    }

    #[test]
    fn a_program_that_is_not_there_did_not_start() {
        let plan = ComponentPlan::new(Preset::Short, MINUTE);
        let ended = run(Path::new("/nowhere/benchtools"), Component::Cpu, &plan, MINUTE, &mut |_| {});
        assert!(matches!(ended, Err(ChildError::NotStarted(_))));
    }
}
