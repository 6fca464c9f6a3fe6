//! The file that is measured: opened so that nothing of it can stay behind.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use report::Preset;
use rustix::fs::{AtFlags, OFlags, StatxAttributes, StatxFlags, fcntl_getfl, fcntl_setfl, statx};

use crate::arch::uring::Block;
use crate::probe::Root;
use crate::probe::storage::place::{Place, place};

const MIB: u64 = 1 << 20;
/// A smaller file says nothing about a drive.
const SMALLEST: u64 = 16 * MIB;
/// A file system in memory has no figure: as much as shows that it works, and no more of the memory.
const IN_MEMORY: u64 = 64 * MIB;

/// A folder that is measured, with the open file in it.
pub(crate) struct Target {
    pub(crate) folder: PathBuf,
    pub(crate) place: Place,
    pub(crate) file: File,
    /// O_DIRECT is in force.
    pub(crate) direct: bool,
    /// Bytes that the file shall have.
    pub(crate) bytes: u64,
    /// Less than the preset asks, for want of space.
    pub(crate) space_short: bool,
}

/// Why a folder cannot be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetError {
    #[error("{0}: no file can be made here: {1}")]
    NotWritable(String, #[source] io::Error),
    #[error("{0}: {1} MiB are free, at least {need} are needed", need = 2 * SMALLEST / MIB)]
    NoSpace(String, u64),
}

impl TargetError {
    /// The code that stands in the report.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::NotWritable(..) => "not_writable",
            Self::NoSpace(..) => "no_space",
        }
    }
}

/// Bytes of the test file.
pub(crate) fn preset_bytes(preset: Preset) -> u64 {
    match preset {
        Preset::Short => 256 * MIB,
        Preset::Normal => 1024 * MIB,
        Preset::Thorough => 2048 * MIB,
    }
}

impl Target {
    /// Opens a file of `wanted` bytes, or fewer, in a folder; nothing is written yet but a trial.
    pub(crate) fn open(folder: &Path, wanted: u64) -> Result<Self, TargetError> {
        let name = || folder.display().to_string();
        let real = folder.canonicalize().map_err(|error| TargetError::NotWritable(name(), error))?;
        let file = open_nameless(&real).map_err(|error| TargetError::NotWritable(name(), error))?;
        let mut place = place(&Root::system(), &real);
        if is_compressed(&file) {
            place.compressed = Some(true);
        }
        let in_memory = matches!(place.fs_type.as_deref(), Some("tmpfs" | "ramfs"));
        let wanted = if in_memory { wanted.min(IN_MEMORY) } else { wanted };
        let bytes = match free_bytes(&file) {
            Some(free) if free / 2 < SMALLEST.min(wanted) => {
                return Err(TargetError::NoSpace(name(), free / MIB));
            }
            // The other half is left to those who live here.
            Some(free) => wanted.min(free / 2) / MIB * MIB,
            None => wanted,
        };
        let direct = may_be_direct(place.fs_type.as_deref()) && make_direct(&file);
        Ok(Self { folder: real, place, file, direct, bytes: bytes.max(MIB), space_short: bytes < wanted })
    }

    /// Goes on with fewer bytes, as there was no more time or space for them.
    pub(crate) fn shorten(&mut self, bytes: u64) -> io::Result<()> {
        self.bytes = bytes;
        self.file.set_len(bytes)
    }
}

/// A file without a name; where the file system has no such files, one whose name is removed at once.
fn open_nameless(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    let nameless = options.clone().custom_flags(libc::O_TMPFILE).open(folder);
    match nameless {
        // Old kernels take the flag for the folder itself.
        Err(error)
            if matches!(
                error.raw_os_error(),
                Some(libc::EOPNOTSUPP | libc::EISDIR | libc::EINVAL | libc::ENOENT)
            ) =>
        {
            open_and_remove(options, folder)
        }
        opened => opened,
    }
}

fn open_and_remove(mut options: OpenOptions, folder: &Path) -> io::Result<File> {
    let path = folder.join(format!(".benchtools-{}", std::process::id()));
    let file = options.create_new(true).open(&path)?;
    fs::remove_file(path)?;
    Ok(file)
}

/// The file compresses, be it that only its folder is made so: btrfs and others hand that down.
fn is_compressed(file: &File) -> bool {
    let told = statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::empty());
    told.is_ok_and(|told| told.stx_attributes.contains(StatxAttributes::COMPRESSED))
}

/// What is free for this user; `None` where the file system does not count.
fn free_bytes(file: &File) -> Option<u64> {
    let stat = rustix::fs::fstatvfs(file).ok()?;
    (stat.f_blocks > 0).then(|| stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// ZFS accepts the flag, and before its version 2.3 reads from its cache all the same.
fn may_be_direct(fs_type: Option<&str>) -> bool {
    fs_type != Some("zfs")
}

/// Asks for direct access and tries it: some file systems agree first, and refuse later.
fn make_direct(file: &File) -> bool {
    let Ok(flags) = fcntl_getfl(file) else { return false };
    if fcntl_setfl(file, flags | OFlags::DIRECT).is_err() {
        return false;
    }
    let mut block = Block::new(4096);
    let tried = rustix::io::pwrite(file, block.bytes(), 0)
        .and_then(|_| rustix::io::pread(file, block.bytes_mut(), 0));
    match tried {
        Ok(4096) => true,
        _ => {
            // Back to where it worked; if that fails, so will the tests, and they say why.
            let _ = fcntl_setfl(file, flags);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_file_is_to_be_seen() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::open(folder.path(), 32 * MIB).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(target.bytes <= 32 * MIB && target.place.fs_type.is_some());
    }

    #[test]
    fn where_a_file_must_have_a_name_it_has_it_for_a_moment_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(0o600);
        let file = open_and_remove(options, folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        file.set_len(10).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 10);
    }

    #[test]
    fn a_file_system_that_only_pretends_is_not_asked() {
        assert!(!may_be_direct(Some("zfs")));
        assert!(may_be_direct(Some("ext4")) && may_be_direct(None));
    }

    #[test]
    fn a_folder_that_cannot_be_measured_says_why() {
        let error = Target::open(Path::new("/nonexistent"), MIB).err().unwrap();
        assert_eq!(error.reason(), "not_writable");
        assert!(error.to_string().starts_with("/nonexistent: "), "{error}");
        assert_eq!(Target::open(Path::new("/proc"), MIB).err().unwrap().reason(), "not_writable");
    }
}
