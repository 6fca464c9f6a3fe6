//! The spool: reports on this machine's disk that their server has not accepted yet.
//!
//! One file per report: a line of JSON that says whose it is, then the very bytes to send. A file appears
//! whole or not at all, and goes only when the server has the report. What the server refuses for good is
//! set aside in a folder of its own, with the reason.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use report::{ReportId, Timestamp};
use serde::{Deserialize, Serialize};

use super::answer::Refusal;
use super::place::{self, HALF};
use super::server::ServerUrl;

/// How the names of waiting reports end.
const ENDING: &str = "report";
/// Longer than any label that we write: a file without an end of line is none of ours.
const MAX_LABEL: u64 = 256 * 1024;
/// Another agent holds the lock for the time of one small write.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);

/// The folder of waiting reports.
#[derive(Clone, Debug)]
pub struct Spool {
    folder: PathBuf,
}

/// What stands on a report's file, before its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The server that it is for.
    pub server: ServerUrl,
    /// Its id.
    pub report_id: ReportId,
    /// When it was put here.
    pub spooled_at: Timestamp,
    /// Why the server refused it, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

/// One report in the spool.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// Whose it is.
    pub label: Label,
}

impl Spool {
    /// The spool under this state folder; its folders are made.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn open(state: &Path) -> io::Result<Self> {
        let folder = state.join("spool");
        place::make_private_folder(&folder.join("set-aside"))?;
        Ok(Self { folder })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a report in, on disk for good when this returns.
    ///
    /// # Errors
    /// When it cannot be written; nothing of it is left then.
    pub fn put(&self, label: &Label, body: &[u8]) -> io::Result<Entry> {
        self.write(&self.folder, label, body)
    }

    /// The reports that wait, oldest first. Half-written files of agents that were killed are removed.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn waiting(&self) -> io::Result<Vec<Entry>> {
        if let Some(_lock) = self.lock(Duration::ZERO) {
            self.sweep()?;
        }
        entries(&self.folder)
    }

    /// The reports that were set aside, oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn set_aside(&self) -> io::Result<Vec<Entry>> {
        entries(&self.aside())
    }

    /// Takes a report out that its server has.
    ///
    /// # Errors
    /// When the file cannot be removed; it is no error if another agent did so already.
    pub fn remove(&self, entry: &Entry) -> io::Result<()> {
        match fs::remove_file(&entry.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Moves a report out of the way that its server will never take, with the reason.
    ///
    /// # Errors
    /// When it cannot be written there; it goes on waiting then.
    pub fn refuse(&self, entry: &Entry, refusal: Refusal) -> io::Result<()> {
        let label = Label { refused: Some(refusal), ..entry.label.clone() };
        self.write(&self.aside(), &label, &body(entry)?)?;
        self.remove(entry)
    }

    /// Puts a report that was set aside back among those that wait.
    ///
    /// # Errors
    /// When it cannot be written; it stays set aside then.
    pub fn restore(&self, entry: &Entry) -> io::Result<()> {
        let label = Label { refused: None, ..entry.label.clone() };
        self.write(&self.folder, &label, &body(entry)?)?;
        self.remove(entry)
    }

    /// Makes a report one of this server's, to wait for it.
    ///
    /// # Errors
    /// When it cannot be written; it goes on waiting for its old server then.
    pub fn readdress(&self, entry: &Entry, server: &ServerUrl) -> io::Result<()> {
        let label = Label { server: server.clone(), ..entry.label.clone() };
        self.write(&self.folder, &label, &body(entry)?).map(drop)
    }

    fn aside(&self) -> PathBuf {
        self.folder.join("set-aside")
    }

    fn write(&self, folder: &Path, label: &Label, body: &[u8]) -> io::Result<Entry> {
        // Without the lock (some network file systems have none) the write is still safe; only the sweep of
        // another agent that starts at this very moment could take the half-written file for an orphan.
        let lock = self.lock(LOCK_PATIENCE);
        if lock.is_some() {
            self.sweep()?;
        }
        let path = folder.join(format!("{}.{ENDING}", label.report_id));
        let mut line = serde_json::to_vec(label)?;
        line.push(b'\n');
        place::write_private(&path, &[&line, body])?;
        Ok(Entry { path, label: label.clone() })
    }

    /// Half-written files that are found under the lock belong to nobody who lives.
    fn sweep(&self) -> io::Result<()> {
        for folder in [self.folder.clone(), self.aside()] {
            for file in fs::read_dir(folder)? {
                let path = file?.path();
                if path.to_string_lossy().ends_with(HALF) {
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    }

    /// Held while files are written or swept; released when it is dropped, or its owner dies.
    fn lock(&self, patience: Duration) -> Option<File> {
        let path = self.folder.join(".lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).ok()?;
        let deadline = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Some(file),
                Err(fs::TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(_) => return None,
            }
        }
    }
}

/// The bytes of a report, as they were put in.
///
/// # Errors
/// When the file cannot be read.
pub fn body(entry: &Entry) -> io::Result<Vec<u8>> {
    let mut file = BufReader::new(File::open(&entry.path)?);
    file.skip_until(b'\n')?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut paths = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let visible = path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'));
        if visible && path.extension().is_some_and(|ending| ending == ENDING) {
            paths.push(path);
        }
    }
    // The ids begin with the time.
    paths.sort();
    Ok(paths.into_iter().filter_map(|path| Some(Entry { label: label(&path)?, path })).collect())
}

/// `None` for a file that is none of ours, or that another agent has just sent.
fn label(path: &Path) -> Option<Label> {
    let mut line = Vec::new();
    BufReader::new(File::open(path).ok()?.take(MAX_LABEL)).read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

#[cfg(test)]
#[path = "spool_tests.rs"]
mod tests;
