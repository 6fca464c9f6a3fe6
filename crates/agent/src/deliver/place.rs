//! Where the agent keeps its state: reports that wait, and the servers' fleet keys.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The state folder: $XDG_STATE_HOME/benchtools where that is set, else /var/lib/benchtools for root and
/// ~/.local/state/benchtools for everybody else. `None` for a user without a home.
pub fn state_folder(environment: &dyn Fn(&str) -> Option<String>, is_root: bool) -> Option<PathBuf> {
    // The XDG specification says to ignore relative paths.
    let absolute = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(state) = absolute("XDG_STATE_HOME") {
        return Some(state.join("benchtools"));
    }
    if is_root {
        return Some(PathBuf::from("/var/lib/benchtools"));
    }
    Some(absolute("HOME")?.join(".local/state/benchtools"))
}

/// Makes a folder that only its owner may enter, and those above it as they are missing.
///
/// # Errors
/// As the file system says.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file that only its owner may read, so that after a crash it is there whole or not at all: a
/// hidden file first, flushed to disk, then renamed, then the folder flushed.
///
/// # Errors
/// As the file system says; nothing of the file is left then.
pub fn write_private(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not the path of a file"));
    };
    let half = folder.join(format!(".{}.{}{HALF}", name.to_string_lossy(), std::process::id()));
    let written = write_whole(&half, parts).and_then(|()| std::fs::rename(&half, path));
    if written.is_err() {
        // Best effort: what cannot be removed now is swept away by the next run.
        drop(std::fs::remove_file(&half));
    }
    written?;
    File::open(folder)?.sync_all()
}

fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()
}

/// How the names of half-written files end.
pub const HALF: &str = ".half";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_folder_follows_the_environment() {
        let at = |variables: &[(&str, &str)], is_root| {
            let get = |name: &str| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            };
            state_folder(&get, is_root)
        };
        let home = ("HOME", "/home/ada");
        assert_eq!(at(&[home], false), Some("/home/ada/.local/state/benchtools".into()));
        assert_eq!(at(&[home], true), Some("/var/lib/benchtools".into()));
        assert_eq!(at(&[home, ("XDG_STATE_HOME", "/s")], true), Some("/s/benchtools".into()));
        assert_eq!(
            at(&[home, ("XDG_STATE_HOME", "s")], false),
            Some("/home/ada/.local/state/benchtools".into())
        );
        assert_eq!(at(&[], false), None);
    }

    #[test]
    fn a_private_file_is_whole_and_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_private(&path, &[b"one ", b"two"]).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one two");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
