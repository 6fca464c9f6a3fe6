//! Objects as files of a folder. What is there under its name is whole and on the disk.

use std::fs::{DirEntry, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tempfile::NamedTempFile;
use tokio::task::{JoinHandle, spawn_blocking};

use super::Found;
use super::key::Key;

/// Bytes that are read at a time: large enough that handing them over costs little against sending them.
const PIECE_BYTES: usize = 256 * 1024;

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder if it is not there.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// Where files lie before they get their names: on the same file system.
    pub(super) fn temporary(&self) -> io::Result<PathBuf> {
        let folder = self.root.join("tmp");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.to_string())
    }

    /// Gives a temporary file its name: file first, then the name, each through to the disk.
    pub(super) async fn put(&self, key: &Key, file: NamedTempFile) -> io::Result<()> {
        let (path, root) = (self.path(key), self.root.clone());
        blocking(move || {
            file.as_file().sync_all()?;
            let folder = path.parent().unwrap_or(&root);
            if !folder.is_dir() {
                std::fs::create_dir_all(folder)?;
                for above in folder.ancestors().skip(1).take_while(|above| above.starts_with(&root)) {
                    File::open(above)?.sync_all()?;
                }
            }
            file.persist(&path)?;
            File::open(folder)?.sync_all()
        })
        .await
    }

    /// Its bytes in that range, piece by piece.
    pub(super) async fn read(
        &self,
        key: &Key,
        range: Range<u64>,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
        let path = self.path(key);
        let file = blocking(move || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(range.start))?;
            Ok(file)
        })
        .await?;
        let left = range.end - range.start;
        let first = (left > 0).then(|| next(file, left));
        Ok(stream::try_unfold(first, |reading| async {
            let Some(reading) = reading else { return Ok(None) };
            let (file, piece, left) = reading.await.map_err(io::Error::other)??;
            // The next piece is read while this one is sent.
            Ok(Some((piece, (left > 0).then(|| next(file, left)))))
        }))
    }

    /// A whole object, of at most that many bytes.
    pub(super) async fn read_file(&self, key: &Key, limit: u64) -> io::Result<Bytes> {
        let path = self.path(key);
        blocking(move || {
            let mut bytes = Vec::new();
            File::open(path)?.take(limit).read_to_end(&mut bytes)?;
            Ok(bytes.into())
        })
        .await
    }

    /// Removes it, if it is there.
    pub(super) async fn delete(&self, key: &Key) -> io::Result<()> {
        let path = self.path(key);
        blocking(move || match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    /// All objects below a folder.
    pub(super) async fn list(&self, folder: &str) -> io::Result<Vec<Found>> {
        let (path, folder) = (self.root.join(folder), folder.to_owned());
        blocking(move || match std::fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
            Ok(entries) => entries.filter_map(|entry| found(&folder, entry).transpose()).collect(),
        })
        .await
    }
}

/// `None` for what is not a file with a name of ours, or just went.
fn found(folder: &str, entry: io::Result<DirEntry>) -> io::Result<Option<Found>> {
    let entry = entry?;
    let Some(name) = entry.file_name().to_str().map(|name| format!("{folder}/{name}")) else {
        return Ok(None);
    };
    Ok(changed_at_ms(&entry).map(|changed_at_ms| Found { name, changed_at_ms }))
}

/// When a file was last changed, milliseconds since 1970; `None` for what is no file, or just went.
pub(super) fn changed_at_ms(entry: &DirEntry) -> Option<i64> {
    let data = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Some(ms(data.modified().ok()?))
}

/// Milliseconds since 1970.
fn ms(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

type Reading = JoinHandle<io::Result<(File, Bytes, u64)>>;

fn next(mut file: File, left: u64) -> Reading {
    spawn_blocking(move || {
        let size = left.min(PIECE_BYTES as u64);
        let mut piece = Vec::with_capacity(PIECE_BYTES.min(usize::try_from(size).unwrap_or(PIECE_BYTES)));
        (&mut file).take(size).read_to_end(&mut piece)?;
        if (piece.len() as u64) < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok((file, piece.into(), left - size))
    })
}

/// Files block the thread that touches them.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}
