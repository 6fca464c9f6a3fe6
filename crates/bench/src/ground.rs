//! Where the measuring happens: a folder that goes away again, and the children that go with it.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How often a child is asked whether it has ended.
const STEP: Duration = Duration::from_millis(5);
/// A child that was told to stop gets this long.
const GRACE: Duration = Duration::from_secs(5);

/// A temporary folder on the disk to be measured, and all children that run.
pub(crate) struct Ground {
    folder: TempDir,
    filesystem: String,
    children: Mutex<BTreeSet<u32>>,
}

impl Ground {
    /// Makes the folder below `parent`.
    pub(crate) fn new(parent: &Path) -> anyhow::Result<Self> {
        let parent = parent.canonicalize().with_context(|| format!("no folder {}", parent.display()))?;
        let mounts = std::fs::read_to_string("/proc/self/mounts").context("cannot read /proc/self/mounts")?;
        let filesystem = filesystem(&mounts, &parent).context("no mounted filesystem holds the folder")?;
        let folder = tempfile::Builder::new().prefix(".benchtools-bench-").tempdir_in(&parent)?;
        Ok(Self { folder, filesystem, children: Mutex::default() })
    }

    /// Whether the folder is on no disk at all.
    pub(crate) fn is_in_memory(&self) -> bool {
        ["tmpfs", "ramfs"].contains(&self.filesystem.as_str())
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new, empty folder in the folder; what was there is removed.
    pub(crate) fn empty(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.path(name);
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir(&path)?;
        Ok(path)
    }

    /// Where the folder is, and on which filesystem.
    pub(crate) fn describe(&self) -> String {
        format!("{} ({})", self.folder.path().display(), self.filesystem)
    }

    /// Starts a child that is stopped with everything else.
    pub(crate) fn spawn(&self, command: &mut Command) -> anyhow::Result<Running<'_>> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut children = self.children();
        let child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        children.insert(child.id());
        Ok(Running { ground: self, child, program })
    }

    /// Runs a child to its end, within `limit`; how it ended, and what it wrote to its standard output.
    pub(crate) fn run(&self, command: &mut Command, limit: Duration) -> anyhow::Result<(ExitStatus, String)> {
        let output = self.path("output");
        // A file, not a pipe: a child can neither wait for a reader nor keep us waiting.
        command.stdout(File::create(&output)?).stderr(File::create(self.path("errors"))?);
        let status = self.spawn(command)?.wait(limit)?;
        Ok((status, String::from_utf8_lossy(&std::fs::read(&output)?).into_owned()))
    }

    /// The same of a child that must succeed.
    pub(crate) fn output(&self, command: &mut Command, limit: Duration) -> anyhow::Result<String> {
        let (status, text) = self.run(command, limit)?;
        if !status.success() {
            let errors = std::fs::read(self.path("errors"))?;
            let program = command.get_program().display();
            bail!("{program} ended with {status}: {}{text}", String::from_utf8_lossy(&errors));
        }
        Ok(text)
    }

    /// Ends every child, by its id, and removes the folder.
    pub(crate) fn clear(&self) {
        let running = || self.children().iter().copied().collect::<Vec<_>>();
        for id in running() {
            tell(id, Signal::TERM);
        }
        let until = Instant::now() + GRACE;
        while running().into_iter().any(alive) && Instant::now() < until {
            std::thread::sleep(STEP);
        }
        for id in running().into_iter().filter(|id| alive(*id)) {
            tell(id, Signal::KILL);
        }
        if let Err(error) = std::fs::remove_dir_all(self.folder.path()) {
            eprintln!("{} is still there: {error}", self.folder.path().display());
        }
    }

    fn children(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A child that runs; dropping it ends it.
pub(crate) struct Running<'a> {
    ground: &'a Ground,
    child: Child,
    program: String,
}

impl Running<'_> {
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended, and how. Its id is forgotten in the same moment: the kernel may give it to another.
    pub(crate) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        let mut children = self.ground.children();
        let ended = self.child.try_wait()?;
        if ended.is_some() {
            children.remove(&self.child.id());
        }
        Ok(ended)
    }

    /// Waits for its end; ends it when `limit` is over.
    pub(crate) fn wait(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            std::thread::sleep(STEP);
        }
        self.end();
        bail!("{} was not done after {} s", self.program, limit.as_secs())
    }

    /// Asks it to stop, and waits.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        tell(self.id(), Signal::TERM);
        let status = self.wait(GRACE)?;
        if !status.success() {
            bail!("{} ended with {status}", self.program);
        }
        Ok(())
    }

    fn end(&mut self) {
        if matches!(self.ended(), Ok(None)) {
            tell(self.id(), Signal::KILL);
            if let Err(error) = self.child.wait() {
                eprintln!("{}: {error}", self.program);
            }
            self.ground.children().remove(&self.child.id());
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

fn pid(id: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(id).ok()?)
}

/// One that has just ended needs no signal.
fn tell(id: u32, signal: Signal) {
    if let Some(pid) = pid(id) {
        kill_process(pid, signal).ok();
    }
}

/// A child that has ended and was not waited for yet is not alive.
fn alive(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z')))
}

/// The type of the filesystem that holds `path`, from the text of /proc/self/mounts: the longest mount point counts, and
/// of several on the same point the last.
fn filesystem(mounts: &str, path: &Path) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let mut fields = line.split(' ').skip(1);
        let (Some(point), Some(kind)) = (fields.next(), fields.next()) else { continue };
        let length = Path::new(point).components().count();
        if path.starts_with(point) && best.is_none_or(|(longest, _)| length >= longest) {
            best = Some((length, kind));
        }
    }
    best.map(|(_, kind)| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_counts() {
        let mounts = "rootfs / rootfs rw 0 0\n/dev/vda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/b /tmp/disk xfs rw 0 0\n";
        let of = |path: &str| filesystem(mounts, Path::new(path)).unwrap();
        assert_eq!(of("/home/me"), "ext4");
        assert_eq!(of("/tmp/x"), "tmpfs");
        assert_eq!(of("/tmp/disk/x"), "xfs");
        assert_eq!(of("/tmpfile"), "ext4");
    }

    #[test]
    fn children_and_files_go() {
        let parent = tempfile::tempdir().unwrap();
        let ground = Ground::new(parent.path()).unwrap();
        std::fs::write(ground.empty("a").unwrap().join("b"), "c").unwrap();
        let mut child = ground.spawn(Command::new("sleep").arg("600")).unwrap();
        assert!(child.ended().unwrap().is_none());
        assert!(child.wait(Duration::from_millis(1)).is_err(), "it is ended when its time is up");
        assert!(child.ended().unwrap().is_some());
        let mut child = ground.spawn(Command::new("sleep").arg("600")).unwrap();
        ground.clear();
        assert!(child.ended().unwrap().is_some());
        assert!(std::fs::read_dir(parent.path()).unwrap().next().is_none());
    }
}
