//! Can the disk be measured, and directly?

use std::path::{Path, PathBuf};

use io_uring::IoUring;
use report::Preset;

use super::Check;
use crate::measure::disk::{Target, preset_bytes};

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
    let writable = DEFAULT_FOLDERS.into_iter().find(|path| Target::open(Path::new(path), 0).is_ok());
    match writable {
        Some(path) => folder(Path::new(path)),
        None => Check::less(
            "neither the current folder nor /var/tmp can be written",
            "The disk is not measured. Name a folder with --disk-path.",
        ),
    }
}

/// Opens what the test would open: nothing of it is left behind.
fn folder(path: &Path) -> Check {
    let target = match Target::open(path, preset_bytes(Preset::Normal)) {
        Ok(target) => target,
        Err(error) => {
            let advice = "That disk is not measured. Name another folder with --disk-path.";
            return Check::less(format!("disk folder {error}"), advice);
        }
    };
    let shown = target.folder.display();
    match (target.place.fs_type.as_deref(), target.direct) {
        (Some(memory @ ("tmpfs" | "ramfs")), _) => Check::less(
            format!("disk folder {shown} is in memory ({memory})"),
            "Its figures do not count. Name a folder on a drive with --disk-path.",
        ),
        (_, true) => Check::good(format!("disk folder {shown} can be written, directly too")),
        (_, false) => Check::less(
            format!("disk folder {shown} can be written, but its file system has no direct access"),
            "Its figures are marked. Name a folder on ext4, xfs or btrfs with --disk-path.",
        ),
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
    fn memory_is_told_from_a_drive() {
        let Ok(here) = tempfile::tempdir_in("/dev/shm") else { return };
        let check = folder(here.path());
        assert_eq!(check.state, State::Less, "{check:?}");
        assert!(check.found.contains("in memory"), "{check:?}");
    }

    #[test]
    fn looking_leaves_nothing_behind() {
        let here = tempfile::tempdir().unwrap();
        assert_ne!(folder(here.path()).state, State::Bad);
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
    }
}
