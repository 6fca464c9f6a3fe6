//! Objects in a bucket of S3, or of a server that speaks like it.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{
    ClientOptions, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
};
use tempfile::NamedTempFile;
use tokio::sync::Semaphore;

use super::Found;
use super::client::Connector;
use super::folder::blocking;
use super::key::Key;

/// Bytes sent at a time: the least that S3 takes as a part of a whole.
const PART_BYTES: usize = 5 << 20;
/// Files on their way at the same time: each holds one part in memory.
const SENDERS: usize = 2;
/// A server that is away is waited for this long.
const RETRY: Duration = Duration::from_secs(10);

/// The bucket.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    prefix: String,
    senders: Arc<Semaphore>,
}

impl Bucket {
    /// With the AWS_* variables among `variables`.
    pub(super) fn open(
        bucket: &str,
        prefix: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, object_store::Error> {
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        let mut plain = false;
        for (name, value) in variables.filter(|(name, value)| name.starts_with("AWS_") && !value.is_empty()) {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>()
                && !matches!(key, AmazonS3ConfigKey::Bucket)
            {
                plain |= is_endpoint(&key) && value.starts_with("http://");
                builder = builder.with_config(key, value);
            }
        }
        let client = ClientOptions::new().with_allow_http(plain);
        let retry = RetryConfig { max_retries: 3, retry_timeout: RETRY, ..RetryConfig::default() };
        let store =
            builder.with_client_options(client).with_http_connector(Connector).with_retry(retry).build()?;
        Ok(Self {
            store: Arc::new(store),
            prefix: prefix.to_owned(),
            senders: Arc::new(Semaphore::new(SENDERS)),
        })
    }

    fn path(&self, name: &str) -> Path {
        Path::from_iter(
            [&self.prefix, name].into_iter().flat_map(|part| part.split('/')).filter(|part| !part.is_empty()),
        )
    }

    /// Stores a file, in parts where it is large.
    pub(super) async fn put(&self, key: &Key, file: NamedTempFile) -> io::Result<()> {
        let _sender = self.senders.acquire().await.map_err(io::Error::other)?;
        let path = self.path(&key.to_string());
        let mut reader = file.reopen()?;
        let first;
        (reader, first) = part(reader).await?;
        if first.len() < PART_BYTES {
            self.store.put(&path, first.into()).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&path).await?;
        match send(upload.as_mut(), reader, first).await {
            Ok(()) => Ok(()),
            Err(error) => {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "parts of an upload stay in the bucket");
                }
                Err(error)
            }
        }
    }

    /// Stores a few bytes.
    pub(super) async fn put_bytes(&self, key: &Key, bytes: Bytes) -> io::Result<()> {
        self.store.put(&self.path(&key.to_string()), bytes.into()).await?;
        Ok(())
    }

    /// Its bytes in that range, as they come.
    pub(super) async fn read(
        &self,
        key: &Key,
        range: Range<u64>,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
        let options = GetOptions::new().with_range(Some(GetRange::Bounded(range)));
        let found = self.store.get_opts(&self.path(&key.to_string()), options).await?;
        Ok(found.into_stream().map_err(io::Error::from))
    }

    /// A whole object.
    pub(super) async fn read_object(&self, key: &Key) -> io::Result<Bytes> {
        Ok(self.store.get(&self.path(&key.to_string())).await?.bytes().await?)
    }

    /// Removes it, if it is there.
    pub(super) async fn delete(&self, key: &Key) -> io::Result<()> {
        match self.store.delete(&self.path(&key.to_string())).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// All objects below a folder.
    pub(super) async fn list(&self, folder: &str) -> io::Result<Vec<Found>> {
        let mut listed = self.store.list(Some(&self.path(folder)));
        let mut found = Vec::new();
        while let Some(object) = listed.next().await {
            let object = object?;
            let name = object.location.as_ref();
            let name = name.strip_prefix(&self.prefix).unwrap_or(name).trim_start_matches('/').to_owned();
            found.push(Found { name, changed_at_ms: object.last_modified.timestamp_millis() });
        }
        Ok(found)
    }
}

fn is_endpoint(key: &AmazonS3ConfigKey) -> bool {
    matches!(key, AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint)
}

/// Sends the parts one after the other.
async fn send(upload: &mut dyn MultipartUpload, mut reader: File, mut bytes: Bytes) -> io::Result<()> {
    while !bytes.is_empty() {
        upload.put_part(PutPayload::from(bytes)).await?;
        (reader, bytes) = part(reader).await?;
    }
    upload.complete().await?;
    Ok(())
}

/// The next part of a file; empty at its end.
async fn part(mut file: File) -> io::Result<(File, Bytes)> {
    blocking(move || {
        let mut bytes = Vec::new();
        (&mut file).take(PART_BYTES as u64).read_to_end(&mut bytes)?;
        Ok((file, bytes.into()))
    })
    .await
}
