//! The sweep: what no row names and is older than a day goes. Younger, it may belong to an upload that is under way.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::folder::blocking;
use super::key::{FOLDERS, Key};
use super::{Documents, incoming};
use crate::clock;
use crate::store::Store;

/// Between two sweeps.
const PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// What is younger stays.
const AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// After a device went: others may go with it.
const LULL: Duration = Duration::from_millis(200);

impl Documents {
    /// Sweeps at the start and every day, and tidies up when asked to, until the server stops.
    pub(crate) async fn keep_tidy(self, store: Store, stopping: CancellationToken) {
        let work = async {
            loop {
                match self.sweep(&store).await {
                    Ok(0) => {}
                    Ok(removed) => tracing::info!(removed, "swept: what no document needs is gone"),
                    Err(error) => tracing::warn!(%error, "the place for documents could not be swept"),
                }
                let next = tokio::time::sleep(PAUSE);
                tokio::pin!(next);
                while tokio::select! {
                    () = &mut next => false,
                    () = self.inner.untidy.notified() => true,
                } {
                    tokio::time::sleep(LULL).await;
                    if let Err(error) = self.tidy(&store).await {
                        tracing::warn!(%error, "contents that no document names are left to the next sweep");
                    }
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = stopping.cancelled() => {}
        }
    }

    /// Removes contents that no document names any more.
    async fn tidy(&self, store: &Store) -> io::Result<u64> {
        let mut removed = 0;
        loop {
            let unnamed = store.unnamed_objects().await.map_err(io::Error::other)?;
            if unnamed.is_empty() {
                return Ok(removed);
            }
            for sha256 in unnamed {
                // A document may name it again by now.
                if let Some(object) = store.drop_object(sha256).await.map_err(io::Error::other)? {
                    self.remove(object).await;
                    removed += 1;
                }
            }
        }
    }

    async fn sweep(&self, store: &Store) -> io::Result<u64> {
        let before_ms = clock::now().as_ms() - i64::try_from(AGE.as_millis()).unwrap_or(i64::MAX);
        let mut removed = self.tidy(store).await?;
        removed += self.sweep_temporary(before_ms).await?;
        for begin in 0..=u8::MAX {
            let begin = format!("{begin:02x}");
            removed += self.sweep_part(store, &begin, before_ms).await?;
        }
        Ok(removed)
    }

    /// The objects whose hash begins so. They are listed before the rows are read: a row never names what comes later.
    async fn sweep_part(&self, store: &Store, begin: &str, before_ms: i64) -> io::Result<u64> {
        let mut old = Vec::new();
        for folder in FOLDERS {
            let found = self.list(&format!("{folder}/{begin}")).await?.into_iter();
            let found = found.filter(|found| found.changed_at_ms < before_ms);
            old.extend(found.filter_map(|found| Key::parse(&found.name)));
        }
        if old.is_empty() {
            return Ok(0);
        }
        let known = store.objects_beginning(begin).await.map_err(io::Error::other)?;
        let tags: HashMap<&str, &str> =
            known.iter().map(|object| (object.sha256.as_str(), object.tag.as_str())).collect();
        let is_known = |key: &Key| match key {
            Key::Content { sha256, tag } => tags.get(sha256.as_str()) == Some(&tag.as_str()),
            Key::Thumbnail { sha256, .. } => tags.contains_key(sha256.as_str()),
            Key::Probe => true,
        };
        let orphans: Vec<Key> = old.into_iter().filter(|key| !is_known(key)).collect();
        for key in &orphans {
            self.delete(key).await;
        }
        Ok(orphans.len() as u64)
    }

    /// Files of uploads whose server was killed.
    async fn sweep_temporary(&self, before_ms: i64) -> io::Result<u64> {
        let folder = self.temporary().to_owned();
        blocking(move || {
            let mut removed = 0;
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(incoming::NAME));
                let old = || super::folder::changed_at_ms(&entry).is_some_and(|at| at < before_ms);
                if ours && old() && std::fs::remove_file(entry.path()).is_ok() {
                    removed += 1;
                }
            }
            Ok(removed)
        })
        .await
    }
}
