//! A whole dry run of the agent, and the machine made to look as a test wants it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use report::verdict::{Judgement, ReasonCode, judge};
use report::{Component, Report};
use tempfile::TempDir;

use crate::child::program;

/// A short dry run that measures these components only.
pub(crate) fn dry_run(mut command: Command, folder: &Path, components: &[Component]) -> Command {
    command.args(["run", "--dry-run", "--short", "--device", "tested"]);
    for component in Component::ALL.into_iter().filter(|component| !components.contains(component)) {
        command.arg(format!("--skip-{component}"));
    }
    command.current_dir(folder).env_remove("API_TOKEN").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The report that it printed, judged.
pub(crate) fn judged(output: &Output) -> (Report, Judgement) {
    let report = report::parse(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let judgement = judge(&report);
    (report, judgement)
}

/// The reasons of a component.
pub(crate) fn reasons(judgement: &Judgement, component: Component) -> Vec<ReasonCode> {
    judgement.components[&component].reasons.iter().map(|reason| reason.code).collect()
}

/// A missing entry's reason.
pub(crate) fn missing<'a>(report: &'a Report, path: &str) -> Option<&'a str> {
    report.missing.iter().find(|missing| missing.path.as_str() == path).map(|missing| missing.reason.as_str())
}

/// Keeps every processor busy, at the lowest priority and for a minute at most.
pub(crate) struct Burners(Vec<Child>);

impl Burners {
    pub(crate) fn start() -> Self {
        let count = std::thread::available_parallelism().unwrap().get();
        let burn = || {
            let mut command = Command::new("timeout");
            command.args(["60", "nice", "-n", "19", "sh", "-c", "while :; do :; done"]);
            command.stdin(Stdio::null()).spawn().unwrap()
        };
        Self((0..count).map(|_| burn()).collect())
    }
}

impl Drop for Burners {
    fn drop(&mut self) {
        for burner in &mut self.0 {
            // `timeout` passes the signal on to what it runs; a kill it could not.
            let pid = rustix::process::Pid::from_child(burner);
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            let _ = burner.wait();
        }
    }
}

/// A name space of mounts in which files of the machine can be covered; `None` where there are none to have.
pub(crate) struct Stage {
    unshare: &'static [&'static str],
    files: TempDir,
    script: String,
}

impl Stage {
    pub(crate) fn new() -> Option<Self> {
        // As root a name space of mounts is enough; others need one of users around it.
        let ways: [&'static [&'static str]; 2] = [&["-m"], &["-U", "-r", "-m"]];
        let works = |way: &&&[&str]| {
            let mut command = Command::new("unshare");
            command.args(**way).args(["sh", "-c", "mount -t ramfs none /mnt"]).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let unshare = ways.iter().find(works)?;
        Some(Self { unshare, files: tempfile::tempdir().unwrap(), script: "set -e\n".to_owned() })
    }

    /// Mounts a new file system over a folder.
    pub(crate) fn mount(&mut self, fs_type: &str, folder: &Path) {
        self.script += &format!("mount -t {fs_type} none '{}'\nchmod 777 '{0}'\n", folder.display());
    }

    /// Mounts the file system of a drive, with these options, over a folder.
    pub(crate) fn mount_drive(&mut self, drive: &Path, (fs_type, options): (&str, &str), folder: &Path) {
        let (drive, folder) = (drive.display(), folder.display());
        self.script += &format!("mount -t {fs_type} -o {options} '{drive}' '{folder}'\n");
    }

    /// Shows other content under the name of a file.
    pub(crate) fn cover(&mut self, file: &str, content: &str) {
        let place = self.place(file);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, content).unwrap();
        self.script += &format!("mount --bind '{}' '{file}'\n", place.display());
    }

    /// Shows a folder with these files under the name of a folder.
    pub(crate) fn cover_folder(&mut self, folder: &str, files: &[(&str, &str)]) {
        for (file, content) in files {
            let place = self.place(folder).join(file);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, content).unwrap();
        }
        self.script += &format!("mount --bind '{}' '{folder}'\n", self.place(folder).display());
    }

    fn place(&self, path: &str) -> PathBuf {
        self.files.path().join(path.trim_start_matches('/'))
    }

    /// The agent on this stage.
    pub(crate) fn agent(&self) -> Command {
        self.command(program())
    }

    /// Any program on this stage.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("unshare");
        command.args(self.unshare).args(["sh", "-c", &format!("{}exec \"$0\" \"$@\"", self.script)]);
        command.arg(program);
        command
    }
}

/// Waits until the agent has a child that measures `component`; returns its number.
pub(crate) fn measuring_child(agent: &Child, component: Component) -> i32 {
    let deadline = Instant::now() + Duration::from_secs(15);
    while Instant::now() < deadline {
        if let Some(child) = children(agent.id()).into_iter().find(|child| measures(*child, component)) {
            return child;
        }
        // Nothing tells when a process of somebody else starts one.
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the agent did not begin to measure {component}");
}

/// Waits until that process is gone.
pub(crate) fn has_ended(process: i32, component: Component) -> bool {
    let deadline = Instant::now() + Duration::from_secs(15);
    while measures(process, component) && Instant::now() < deadline {
        // Nothing tells when a process ends that is nobody's child any more.
        std::thread::sleep(Duration::from_millis(20));
    }
    !measures(process, component)
}

fn children(parent: u32) -> Vec<i32> {
    let processes = fs::read_dir("/proc").unwrap();
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<i32>().ok();
    let is_child = |number: &i32| {
        let stat = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
        after.split(' ').nth(1) == Some(parent.to_string().as_str())
    };
    processes.filter_map(|entry| number(entry.ok()?)).filter(is_child).collect()
}

fn measures(process: i32, component: Component) -> bool {
    let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    line.ends_with(format!("measure\0{component}\0").as_bytes())
}

/// Nothing is in the folder.
pub(crate) fn is_empty(folder: impl AsRef<OsStr>) -> bool {
    fs::read_dir(Path::new(folder.as_ref())).unwrap().next().is_none()
}
