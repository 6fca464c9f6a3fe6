//! ALL the object storage: contents of documents and small images of them, in a folder or in a bucket.
//!
//! An object is written under a name that no other write uses (its content's hash and a random tag), and only then does a row
//! name it; a row goes first, and then its object. So whatever several servers do at once, no row is without its object; an
//! object without a row may be left behind, and the sweep removes those.

mod bucket;
mod client;
mod folder;
mod image;
mod incoming;
mod key;
mod sweep;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::time::Instant;

use crate::config::{Config, UploadPlace};
use crate::domain::change::Author;
use crate::domain::document::{Content, Document, NewDocument};
use crate::error::AppError;
use crate::store::{AddedDocument, RemovedObject, Store};
use bucket::Bucket;
use folder::Folder;
use key::Key;

pub(crate) use image::{PUBLIC_SIZE, SIZES};
pub(crate) use incoming::{Incoming, Received};

/// Files that are written to the disk at the same time.
const WRITERS: usize = 4;
/// Images that are drawn at the same time: each may take a quarter of a gigabyte.
const DRAWERS: usize = 1;
/// A bucket that could be written is taken to be writable for this long.
const FRESH: Duration = Duration::from_secs(60);
/// A bucket that has not answered by then is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where documents are kept. Clones are cheap.
#[derive(Clone, Debug)]
pub struct Documents {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    place: Place,
    temporary: PathBuf,
    writers: Arc<Semaphore>,
    drawers: Semaphore,
    /// When the bucket was last written to see whether it can be.
    probed: Mutex<Option<Instant>>,
    untidy: Notify,
}

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// An object that a listing found.
#[derive(Clone, Debug)]
struct Found {
    name: String,
    /// Milliseconds since 1970.
    changed_at_ms: i64,
}

/// Why documents cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// The folder cannot be made or used.
    #[error("the folder {} for documents (UPLOAD_DIR, TMP_DIR) cannot be used", path.display())]
    Folder {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// The variables do not make a client.
    #[error("the bucket {place} (UPLOAD_DIR) cannot be used")]
    Bucket {
        /// As it was named.
        place: String,
        /// What is wrong.
        source: object_store::Error,
    },
}

/// What became of a file that was given.
pub(crate) enum Kept {
    /// It is a document now.
    Document(Box<Document>),
    /// There is no such device.
    NoDevice,
    /// Nobody knows of which model the device is.
    NoModel,
}

impl Documents {
    /// Makes the folders that are needed; a bucket must be there.
    pub(crate) fn open(config: &Config) -> Result<Self, DocumentsError> {
        let (place, beside) = match &config.uploads {
            UploadPlace::Folder(path) => {
                let wrong = |source| DocumentsError::Folder { path: path.clone(), source };
                let folder = Folder::open(path).map_err(wrong)?;
                let temporary = folder.temporary().map_err(wrong)?;
                (Place::Folder(folder), temporary)
            }
            UploadPlace::Bucket { bucket, prefix } => {
                let wrong = |source| DocumentsError::Bucket { place: config.uploads.to_string(), source };
                let bucket = Bucket::open(bucket, prefix, std::env::vars()).map_err(wrong)?;
                let temporary = config.tmp_dir.clone().unwrap_or_else(std::env::temp_dir);
                (Place::Bucket(bucket), temporary)
            }
        };
        let inner = Inner {
            place,
            temporary: beside,
            writers: Arc::new(Semaphore::new(WRITERS)),
            drawers: Semaphore::new(DRAWERS),
            probed: Mutex::new(None),
            untidy: Notify::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether documents can be kept now; what is wrong, in words, if not.
    pub(crate) async fn check(&self) -> Result<(), String> {
        let Place::Bucket(bucket) = &self.inner.place else {
            return crate::folders::check_uploads(&self.inner.temporary).map_err(str::to_owned);
        };
        let mut probed = self.inner.probed.lock().await;
        if probed.is_some_and(|at| at.elapsed() < FRESH) {
            return Ok(());
        }
        let writing = bucket.put_bytes(&Key::Probe, Bytes::from_static(b"benchtools"));
        match tokio::time::timeout(PATIENCE, writing).await {
            Ok(Ok(())) => *probed = Some(Instant::now()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the bucket for documents");
                return Err("cannot be written to".to_owned());
            }
            Err(_) => return Err("does not answer".to_owned()),
        }
        Ok(())
    }

    /// An empty file to be filled.
    pub(crate) async fn begin(&self) -> Result<Incoming, AppError> {
        let writers = Arc::clone(&self.inner.writers);
        Incoming::begin(&self.inner.temporary, writers).await.map_err(unkept)
    }

    /// Makes a document of a file: the object first, if there is none of that content, then the row.
    pub(crate) async fn keep(
        &self,
        store: &Store,
        file: Received,
        new: NewDocument,
        author: Author,
    ) -> Result<Kept, AppError> {
        let mut file = Some(file.file);
        let mut own = None;
        if !store.has_object(&new.content.sha256).await? {
            own = Some(self.put(&new.content, &mut file).await?);
        }
        loop {
            let added = store.add_document(new.clone(), own.clone(), author.clone()).await?;
            let (kept, used) = match added {
                AddedDocument::Added { document, tag } => (Kept::Document(document), Some(tag)),
                AddedDocument::NoDevice => (Kept::NoDevice, None),
                AddedDocument::NoModel => (Kept::NoModel, None),
                // It was there a moment ago; whoever deleted its last document was faster.
                AddedDocument::NoObject => {
                    own = Some(self.put(&new.content, &mut file).await?);
                    continue;
                }
            };
            // Another upload of the same content was faster, or there is no document of it after all.
            if let Some(own) = own.filter(|own| Some(own) != used.as_ref()) {
                let sha256 = new.content.sha256.clone();
                self.delete(&Key::Content { sha256, tag: own }).await;
            }
            return Ok(kept);
        }
    }

    /// Stores the content under a tag of its own.
    async fn put(
        &self,
        content: &Content,
        file: &mut Option<tempfile::NamedTempFile>,
    ) -> Result<String, AppError> {
        let file = file.take().ok_or_else(|| AppError::internal("a content would be stored twice"))?;
        let tag = format!("{:016x}", getrandom::u64().map_err(AppError::internal)?);
        let key = Key::Content { sha256: content.sha256.clone(), tag: tag.clone() };
        let put = match &self.inner.place {
            Place::Folder(folder) => folder.put(&key, file).await,
            Place::Bucket(bucket) => bucket.put(&key, file).await,
        };
        put.map_err(unkept)?;
        Ok(tag)
    }

    /// The content's bytes in that range, for an answer.
    pub(crate) async fn body(&self, sha256: &str, tag: &str, range: Range<u64>) -> Result<Body, AppError> {
        let key = Key::Content { sha256: sha256.to_owned(), tag: tag.to_owned() };
        let read = match &self.inner.place {
            _ if range.is_empty() => Ok(Body::empty()),
            Place::Folder(folder) => folder.read(&key, range).await.map(Body::from_stream),
            Place::Bucket(bucket) => bucket.read(&key, range).await.map(Body::from_stream),
        };
        read.map_err(unread)
    }

    /// A whole object of at most that many bytes.
    async fn read_all(&self, key: &Key, size: u64) -> io::Result<Bytes> {
        let pieces = match &self.inner.place {
            Place::Folder(folder) => folder.read(key, 0..size).await?.boxed(),
            Place::Bucket(bucket) => bucket.read(key, 0..size).await?.boxed(),
        };
        let whole = pieces.try_fold(BytesMut::new(), |mut whole, piece| async move {
            whole.extend_from_slice(&piece);
            Ok(whole)
        });
        Ok(whole.await?.freeze())
    }

    /// Removes what the last document of a content left behind.
    pub(crate) async fn remove(&self, removed: RemovedObject) {
        let RemovedObject { sha256, tag } = removed;
        self.delete(&Key::Content { sha256: sha256.clone(), tag }).await;
        for size in SIZES.into_iter().chain([PUBLIC_SIZE]) {
            self.delete(&Key::Thumbnail { sha256: sha256.clone(), size }).await;
        }
    }

    /// Rows of documents went with something else (their device): what they left behind is removed soon.
    pub fn tidy_soon(&self) {
        self.inner.untidy.notify_one();
    }

    /// Removes an object; one that stays is an orphan, which the sweep finds.
    async fn delete(&self, key: &Key) {
        let deleted = match &self.inner.place {
            Place::Folder(folder) => folder.delete(key).await,
            Place::Bucket(bucket) => bucket.delete(key).await,
        };
        if let Err(error) = deleted {
            tracing::warn!(%error, %key, "an object stays until the next sweep");
        }
    }

    async fn list(&self, folder: &str) -> io::Result<Vec<Found>> {
        match &self.inner.place {
            Place::Folder(place) => place.list(folder).await,
            Place::Bucket(place) => place.list(folder).await,
        }
    }

    fn temporary(&self) -> &Path {
        &self.inner.temporary
    }
}

/// What cannot be written can be later, when there is room again or the bucket is back.
pub(crate) fn unkept(error: io::Error) -> AppError {
    let detail = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "The place for documents is full.",
        _ => "The place for documents cannot be written to; try again in a moment.",
    };
    AppError::unavailable(detail).because(error)
}

fn unread(error: io::Error) -> AppError {
    if error.kind() == io::ErrorKind::NotFound {
        return AppError::new(StatusCode::NOT_FOUND, "not_found", "The document was just deleted.")
            .because(error);
    }
    AppError::unavailable("The place for documents cannot be read; try again in a moment.").because(error)
}
