//! The file tree that an inventory is read from.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::kernel::Kernel;
use super::outside::{Nothing, Outside};

/// More than any file of /proc, /sys or /etc that we read holds.
const MAX_FILE: u64 = 4 << 20;

/// A machine as the probe sees it: a file tree, and what the kernel tells without files.
pub struct Root {
    path: PathBuf,
    outside: Box<dyn Outside>,
    denied: Vec<String>,
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// There is no such file.
    Absent,
    /// Only root may read it.
    Denied,
    /// The kernel refused: the hardware does not answer.
    Failed,
}

impl Root {
    /// The machine that this program runs on.
    pub fn system() -> Self {
        Self { path: PathBuf::from("/"), outside: Box::new(Kernel), denied: Vec::new() }
    }

    /// A tree of files somewhere else, with nothing outside of it.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), outside: Box::new(Nothing), denied: Vec::new() }
    }

    /// The same tree with answers to what is not a file.
    #[must_use]
    pub fn with(self, outside: impl Outside + 'static) -> Self {
        Self { outside: Box::new(outside), ..self }
    }

    /// The same tree as a user sees it who may not read files whose path starts like this.
    #[must_use]
    pub fn denying(mut self, prefix: &str) -> Self {
        self.denied.push(prefix.to_owned());
        self
    }

    /// What is not a file.
    pub(crate) fn outside(&self) -> &dyn Outside {
        &*self.outside
    }

    fn full(&self, path: &str) -> PathBuf {
        self.path.join(path.trim_start_matches('/'))
    }

    fn open(&self, path: &str) -> Result<File, Unread> {
        if self.denied.iter().any(|prefix| path.starts_with(prefix.as_str())) {
            return Err(Unread::Denied);
        }
        // Non-blocking, so that a pipe in the place of a file cannot hold the probe.
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(self.full(path));
        opened.map_err(|error| unread(error.kind()))
    }

    /// The bytes of a file, at most 4 MiB.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, Unread> {
        let mut bytes = Vec::new();
        match self.open(path)?.take(MAX_FILE).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(unread(error.kind())),
        }
    }

    /// The text of a file without surrounding white space and NUL, or why there is none.
    pub(crate) fn read(&self, path: &str) -> Result<String, Unread> {
        let bytes = self.bytes(path)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned())
    }

    /// The text of a file; an empty one counts as absent.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        self.read(path).ok().filter(|text| !text.is_empty())
    }

    /// A file that holds one number.
    pub(crate) fn number<T: FromStr>(&self, path: &str) -> Option<T> {
        self.text(path)?.parse().ok()
    }

    /// The names in a folder, sorted with numbers in their order; none if there is no such folder.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.full(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort_by_cached_key(|name| natural(name));
        names
    }

    /// There is such a file or folder.
    pub(crate) fn exists(&self, path: &str) -> bool {
        fs::symlink_metadata(self.full(path)).is_ok()
    }

    /// There is such a folder.
    pub(crate) fn is_folder(&self, path: &str) -> bool {
        fs::metadata(self.full(path)).is_ok_and(|metadata| metadata.is_dir())
    }

    /// The real path of a file or folder with all links followed, if it stays within the tree.
    pub(crate) fn resolve(&self, path: &str) -> Option<String> {
        let root = fs::canonicalize(&self.path).ok()?;
        let real = fs::canonicalize(self.full(path)).ok()?;
        let within = real.strip_prefix(&root).ok()?;
        Some(format!("/{}", within.to_str()?))
    }

    /// The last part of what a link points to: drivers, subsystems and modules are named so.
    pub(crate) fn link_name(&self, path: &str) -> Option<String> {
        let target = fs::read_link(self.full(path)).ok()?;
        Some(Path::new(&target).file_name()?.to_str()?.to_owned())
    }
}

fn unread(kind: ErrorKind) -> Unread {
    match kind {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Unread::Absent,
        ErrorKind::PermissionDenied => Unread::Denied,
        _ => Unread::Failed,
    }
}

/// A sort key by which `cpu10` comes after `cpu9`: text and numbers in turn.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text_end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, after) = rest.split_at(text_end);
        let number_end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, next) = after.split_at(number_end);
        parts.push((0, text.to_owned()));
        parts.push((number.parse().unwrap_or(u64::MAX), String::new()));
        rest = next;
    }
    parts
}
