//! The folder with the agents: `<target>/benchtools`, one folder for each kind of machine.

use std::io;
use std::path::{Path, PathBuf};

use super::checksum::Checksums;

/// The one program that is served; names that a client sends never become part of a path.
pub(super) const PROGRAM: &str = "benchtools";

/// The agents that this server has.
#[derive(Debug)]
pub struct Agents {
    folder: PathBuf,
    pub(super) checksums: Checksums,
}

impl Agents {
    /// The agents below `folder`, which is looked at anew for each request.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, checksums: Checksums::default() }
    }

    /// The targets there are, sorted; none if there is no folder.
    ///
    /// # Errors
    /// When the folder is there but cannot be read.
    pub async fn targets(&self) -> io::Result<Vec<String>> {
        let mut entries = match tokio::fs::read_dir(&self.folder).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut targets = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if is_target(&name) && is_file(&entry.path().join(PROGRAM)).await {
                targets.push(name);
            }
        }
        targets.sort_unstable();
        Ok(targets)
    }

    /// Where the agent for `target` lies; `None` for a name that can be no target.
    pub(super) fn path(&self, target: &str) -> Option<PathBuf> {
        is_target(target).then(|| self.folder.join(target).join(PROGRAM))
    }
}

/// Rust names its targets with letters, digits, `-`, `_` and dots inside: nothing that leads out of a
/// folder, or that a shell would read as more than a word.
fn is_target(name: &str) -> bool {
    let sane = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=100).contains(&name.len()) && name.bytes().all(sane) && name.as_bytes()[0].is_ascii_alphanumeric()
}

async fn is_file(path: &Path) -> bool {
    tokio::fs::metadata(path).await.is_ok_and(|found| found.is_file())
}

#[cfg(test)]
mod tests {
    use super::is_target;

    #[test]
    fn targets_are_plain_words() {
        for name in ["x86_64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf", "thumbv8m.main-none-eabi"] {
            assert!(is_target(name), "{name}");
        }
        for name in ["", ".", "..", "../etc", "a/b", ".hidden", "a b", "x'y", "-x", "é", "a\0b"] {
            assert!(!is_target(name), "{name}");
        }
    }
}
