//! A long answer in pages: each is read in a transaction of its own when the client has taken the one before, so that neither
//! memory nor the write-ahead log grows with the length of the answer or the patience of the client.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::try_unfold;
use serde::Serialize;

use crate::domain::sheet::{self, Cell};
use crate::error::AppError;
use crate::store::StoreError;

/// Items of a page.
pub(super) const PAGE: u32 = 200;

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One array.
    Json,
    /// A line for each item, below a line of names.
    Csv,
}

/// What is exported.
pub(super) trait Export: Send + Sync + 'static {
    /// One of them.
    type Item: Serialize + Send;

    /// Name of the file, without its ending.
    const NAME: &'static str;

    /// Those behind an id, in the order of their ids, [`PAGE`] at most.
    fn page(&self, after: i64) -> impl Future<Output = Result<Vec<Self::Item>, StoreError>> + Send;

    /// The id of one.
    fn id(item: &Self::Item) -> i64;

    /// The names of the columns.
    fn names(&self) -> Vec<Cell>;

    /// One of them as cells, as many as there are names.
    fn cells(&self, item: &Self::Item) -> Vec<Cell>;
}

/// The answer. The first page is read before it begins: a database that is away is told with its status. One that goes away
/// later cuts the connection, so that nobody takes a part for the whole.
pub(super) async fn download<E: Export>(export: E, format: Format) -> Result<Response, AppError> {
    let first = export.page(0).await?;
    let (ending, kind) = match format {
        Format::Json => ("json", "application/json"),
        Format::Csv => ("csv", "text/csv; charset=utf-8"),
    };
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{ending}\"", E::NAME)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let walk = Walk { export, format, first: Some(first), after: 0, written: false };
    let stream = try_unfold(Some(walk), |walk| async move {
        let Some(walk) = walk else { return Ok(None) };
        walk.step().await.map(Some).inspect_err(|error| tracing::warn!(%error, "an export was cut off"))
    });
    Ok((head, Body::from_stream(stream)).into_response())
}

/// How far it is.
struct Walk<E: Export> {
    export: E,
    format: Format,
    /// The page that was read before the answer began.
    first: Option<Vec<E::Item>>,
    /// Id of the last item.
    after: i64,
    /// An item was written.
    written: bool,
}

impl<E: Export> Walk<E> {
    /// The next piece of the answer, and the walk if it goes on.
    async fn step(mut self) -> Result<(Bytes, Option<Self>), StoreError> {
        let begins = self.first.is_some();
        let page = match self.first.take() {
            Some(first) => first,
            None => self.export.page(self.after).await?,
        };
        let mut text = if begins { self.beginning() } else { Vec::new() };
        for item in &page {
            self.write(item, &mut text)?;
            self.after = E::id(item);
        }
        if page.len() == PAGE as usize {
            return Ok((text.into(), Some(self)));
        }
        if self.format == Format::Json {
            text.extend_from_slice(if self.written { b"\n]\n" } else { b"]\n" });
        }
        Ok((text.into(), None))
    }

    fn beginning(&self) -> Vec<u8> {
        match self.format {
            Format::Json => b"[".to_vec(),
            Format::Csv => sheet::line(self.export.names()),
        }
    }

    fn write(&mut self, item: &E::Item, text: &mut Vec<u8>) -> Result<(), StoreError> {
        match self.format {
            Format::Json => {
                text.extend_from_slice(if self.written { b",\n" } else { b"\n" });
                serde_json::to_writer(&mut *text, item)
                    .map_err(|error| StoreError::Corrupt(format!("{} {}: {error}", E::NAME, E::id(item))))?;
            }
            Format::Csv => text.extend(sheet::line(self.export.cells(item))),
        }
        self.written = true;
        Ok(())
    }
}
