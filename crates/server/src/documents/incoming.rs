//! A file on its way in: to a temporary file, hashed and looked at as it comes.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::sync::Semaphore;

use super::folder::blocking;
use crate::domain::document::Content;
use crate::domain::media_type::{HEAD_BYTES, TextCheck, media_type};

/// Bytes that are written at a time. They are copied together: a piece as it came holds on to the whole buffer that it was
/// read into, however small it is.
const BATCH_BYTES: usize = 64 * 1024;

/// How temporary files of ours are called.
pub(super) const NAME: &str = "benchtools-upload-";

/// The file, as far as it came. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Incoming {
    state: Option<State>,
    waiting: Vec<u8>,
    size_bytes: u64,
    writers: Arc<Semaphore>,
}

#[derive(Debug)]
struct State {
    file: NamedTempFile,
    hash: Sha256,
    text: TextCheck,
    head: Vec<u8>,
}

/// A file that came whole.
#[derive(Debug)]
pub(crate) struct Received {
    pub(super) file: NamedTempFile,
    /// What it is.
    pub(crate) content: Content,
}

impl Incoming {
    /// An empty one in that folder, for its owner alone.
    pub(super) async fn begin(folder: &Path, writers: Arc<Semaphore>) -> io::Result<Self> {
        let folder = folder.to_owned();
        let file = blocking(move || tempfile::Builder::new().prefix(NAME).rand_bytes(12).tempfile_in(folder))
            .await?;
        let state = State {
            file,
            hash: Sha256::new(),
            text: TextCheck::default(),
            head: Vec::with_capacity(HEAD_BYTES),
        };
        Ok(Self { state: Some(state), waiting: Vec::with_capacity(BATCH_BYTES), size_bytes: 0, writers })
    }

    /// Bytes that came so far.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Takes the next bytes.
    pub(crate) async fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.size_bytes += piece.len() as u64;
        let mut rest = piece;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(BATCH_BYTES - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            if self.waiting.len() == BATCH_BYTES {
                self.write().await?;
            }
            rest = later;
        }
        Ok(())
    }

    /// Writes what waits. Few files at a time: each writing thread holds memory.
    async fn write(&mut self) -> io::Result<()> {
        let writer = Arc::clone(&self.writers).acquire_owned().await.map_err(io::Error::other)?;
        let mut state = self.state.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut bytes = std::mem::take(&mut self.waiting);
        let written = blocking(move || {
            state.take(&bytes)?;
            drop(writer);
            bytes.clear();
            Ok((state, bytes))
        });
        let (state, bytes) = written.await?;
        (self.state, self.waiting) = (Some(state), bytes);
        Ok(())
    }

    /// The file, whole.
    pub(crate) async fn finish(mut self) -> io::Result<Received> {
        self.write().await?;
        let State { file, hash, text, head } = self.state.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let content = Content {
            sha256: hex::encode(hash.finalize()),
            size_bytes: self.size_bytes,
            media_type: media_type(&head, text.is_text()),
        };
        Ok(Received { file, content })
    }
}

impl State {
    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        let room = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&piece[..room.min(piece.len())]);
        self.hash.update(piece);
        self.text.take(piece);
        self.file.write_all(piece)
    }
}
