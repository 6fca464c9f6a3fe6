//! The folders that the server writes to: looked at before it starts, and at every health check.

use std::path::{Path, PathBuf};

use rustix::fs::Access;

use crate::config::{Config, DatabaseUrl};

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folder<'a> {
    /// What it is called in the health check.
    pub(crate) name: &'static str,
    /// The setting that names it.
    setting: &'static str,
    path: &'a Path,
}

/// With less room than this, a report and the log that it goes through first hardly fit, bytes.
const NEEDED_BYTES: u64 = 1 << 20;

/// What is wrong with a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the folder {} ({setting}) {problem}", path.display())]
pub struct FolderError {
    path: PathBuf,
    setting: &'static str,
    /// In words that follow the folder's name.
    pub(crate) problem: &'static str,
}

/// All folders that this configuration needs.
pub(crate) fn folders(config: &Config) -> impl Iterator<Item = Folder<'_>> {
    let beside = of_database(&config.database);
    let database = beside.map(|path| Folder { name: "database", setting: "DATABASE_URL", path });
    let temporary = config.tmp_dir.as_deref();
    let temporary = temporary.map(|path| Folder { name: "temporary", setting: "TMP_DIR", path });
    database.into_iter().chain(temporary)
}

/// SQLite makes files beside the database; PostgreSQL needs no folder of ours.
fn of_database(database: &DatabaseUrl) -> Option<&Path> {
    let DatabaseUrl::Sqlite(file) = database else { return None };
    Some(file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// What is wrong with the folder for documents, if anything.
pub(crate) fn check_uploads(path: &Path) -> Result<(), &'static str> {
    let folder = Folder { name: "uploads", setting: "UPLOAD_DIR", path };
    folder.check_with_room().map_err(|error| error.problem)
}

impl Folder<'_> {
    /// Whether files can be made in it.
    pub(crate) fn check(self) -> Result<(), FolderError> {
        self.told(self.problem())
    }

    /// The same, and whether there is room for them. A server whose disk is full still starts, and is read.
    pub(crate) fn check_with_room(self) -> Result<(), FolderError> {
        self.told(self.problem().or_else(|| self.is_full().then_some("has no room left")))
    }

    fn told(self, problem: Option<&'static str>) -> Result<(), FolderError> {
        let Some(problem) = problem else { return Ok(()) };
        let path = std::path::absolute(self.path).unwrap_or_else(|_| self.path.to_owned());
        Err(FolderError { path, setting: self.setting, problem })
    }

    fn problem(self) -> Option<&'static str> {
        match std::fs::metadata(self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some("does not exist"),
            Err(_) => Some("cannot be looked at"),
            Ok(found) if !found.is_dir() => Some("is not a folder"),
            Ok(_) => {
                let access = rustix::fs::access(self.path, Access::WRITE_OK | Access::EXEC_OK);
                access.is_err().then_some("cannot be written to")
            }
        }
    }

    /// False where the file system does not tell.
    fn is_full(self) -> bool {
        let room = |fs: rustix::fs::StatVfs| fs.f_bavail.saturating_mul(fs.f_frsize);
        rustix::fs::statvfs(self.path).is_ok_and(|fs| fs.f_blocks > 0 && room(fs) < NEEDED_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &Path) -> Result<(), String> {
        Folder { name: "temporary", setting: "TMP_DIR", path }.check().map_err(|error| error.to_string())
    }

    #[test]
    fn each_problem_has_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let (file, missing) = (folder.path().join("file"), folder.path().join("missing"));
        std::fs::write(&file, b"").unwrap();
        assert_eq!(check(folder.path()), Ok(()));
        assert!(check(&missing).unwrap_err().ends_with("/missing (TMP_DIR) does not exist"));
        assert!(check(&file).unwrap_err().ends_with("/file (TMP_DIR) is not a folder"));
    }

    #[test]
    fn the_database_stands_in_a_folder() {
        let of = |file: &str| of_database(&DatabaseUrl::Sqlite(file.into())).map(Path::to_owned);
        assert_eq!(of("data.db"), Some(".".into()));
        assert_eq!(of("/var/lib/data.db"), Some("/var/lib".into()));
    }
}
