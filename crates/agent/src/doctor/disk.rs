//! Can the disk be measured, and directly?

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use io_uring::IoUring;

use super::Check;

/// Where the disk test goes when it is not told, in this order.
const DEFAULT_FOLDERS: [&str; 2] = [".", "/var/tmp"];

pub(super) fn checks(given: &[PathBuf]) -> Vec<Check> {
    let mut checks: Vec<Check> = if given.is_empty() {
        vec![default_folder()]
    } else {
        given.iter().map(|path| folder(path)).collect()
    };
    checks.push(io_uring());
    checks
}

fn default_folder() -> Check {
    let writable = DEFAULT_FOLDERS.into_iter().find(|path| open(Path::new(path), 0).is_ok());
    match writable {
        Some(path) => folder(Path::new(path)),
        None => Check::less(
            "neither the current folder nor /var/tmp can be written",
            "The disk is not measured. Name a folder with --disk-path.",
        ),
    }
}

fn folder(path: &Path) -> Check {
    let shown = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let shown = shown.display();
    match (open(path, 0), open(path, libc::O_DIRECT)) {
        (Err(error), _) => Check::less(
            format!("disk folder {shown} cannot be written: {error}"),
            "That disk is not measured. Name another folder with --disk-path.",
        ),
        (Ok(()), Ok(())) => Check::good(format!("disk folder {shown} can be written, directly too")),
        (Ok(()), Err(_)) => Check::less(
            format!("disk folder {shown} can be written, but its file system has no direct access"),
            "Its figures are marked. Name a folder on ext4, xfs or btrfs with --disk-path.",
        ),
    }
}

/// A file without a name, so that nothing can be left behind; a file system without such files gets one
/// with a name, which is removed at once.
fn open(folder: &Path, flags: i32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    match options.custom_flags(flags | libc::O_TMPFILE).open(folder) {
        Err(error)
            if error.raw_os_error() == Some(libc::EOPNOTSUPP)
                || error.raw_os_error() == Some(libc::EISDIR) =>
        {
            let path = folder.join(format!(".benchtools-doctor-{}", std::process::id()));
            options.create_new(true).custom_flags(flags).open(&path)?;
            std::fs::remove_file(path)
        }
        opened => opened.map(drop),
    }
}

fn io_uring() -> Check {
    match IoUring::new(2) {
        Ok(_) => Check::good("io_uring is allowed"),
        Err(error) => Check::less(
            format!("io_uring is not allowed here: {error}"),
            "The disk test uses threads instead, which cost more processor time on fast drives.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_cannot_be_measured() {
        assert_eq!(folder(Path::new("/nonexistent")).state, State::Less);
    }

    #[test]
    fn looking_leaves_nothing_behind() {
        let here = tempfile::tempdir().unwrap();
        assert_ne!(folder(here.path()).state, State::Bad);
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
    }
}
