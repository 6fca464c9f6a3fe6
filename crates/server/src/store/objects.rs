//! Contents of documents, each once. Who adds or deletes a document holds its content's row first, so that two servers take
//! turns; a content that no document names loses its row, and then its object.

use report::Timestamp;
use sqlx::AssertSqlSafe;

use super::connection::Connection;
use super::value::Columns;
use super::writer::{Change, Ledger};
use super::{Store, StoreError};
use crate::domain::document::Content;

/// A content without a row: its object is to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedObject {
    /// Of the content.
    pub sha256: String,
    /// Tells the object from others of the same content.
    pub tag: String,
}

/// Contents that are looked through at a time.
const AT_A_TIME: u32 = 100;

impl Store {
    /// Whether there is a content with that hash.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_object(&self, sha256: &str) -> Result<bool, StoreError> {
        let sql = "select tag from objects where sha256 = $1";
        Ok(self.read().await?.fetch_first(sql, vec![sha256.into()]).await?.is_some())
    }

    /// Some contents that no document names, by their hashes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unnamed_objects(&self) -> Result<Vec<String>, StoreError> {
        let sql = format!(
            "select o.sha256 from objects o \
             where not exists (select 1 from documents d where d.sha256 = o.sha256) limit {AT_A_TIME}"
        );
        let rows = self.read().await?.fetch(AssertSqlSafe(sql), Vec::new()).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?)
    }

    /// All contents whose hash begins with these two digits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn objects_beginning(&self, begin: &str) -> Result<Vec<RemovedObject>, StoreError> {
        // No digit comes behind `g`.
        let sql = "select sha256, tag from objects where sha256 >= $1 and sha256 < $2";
        let rows = self.read().await?.fetch(sql, vec![begin.into(), format!("{begin}g").into()]).await?;
        let object = |row| {
            let mut columns = Columns::of(row);
            Ok(RemovedObject { sha256: columns.next()?, tag: columns.next()? })
        };
        Ok(rows.iter().map(object).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Forgets a content, unless a document names it; then its object is to be removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drop_object(&self, sha256: String) -> Result<Option<RemovedObject>, StoreError> {
        self.inner.writer.write(DropObject { sha256 }).await
    }
}

struct DropObject {
    sha256: String,
}

impl Change for DropObject {
    type Done = Option<RemovedObject>;

    async fn write(&self, connection: &mut Connection, _: &mut Ledger) -> Result<Self::Done, sqlx::Error> {
        hold_object(connection, &self.sha256).await?;
        drop_if_unnamed(connection, &self.sha256).await
    }
}

/// Keeps others from adding or removing documents of this content until the transaction ends; the tag of its object.
pub(super) async fn hold_object(
    connection: &mut Connection,
    sha256: &str,
) -> Result<Option<String>, sqlx::Error> {
    let sql = "update objects set created_at = created_at where sha256 = $1 returning tag";
    let rows = connection.fetch(sql, vec![sha256.into()]).await?;
    rows.first().map(|row| row.get(0)).transpose()
}

/// Holds the content's row, and makes it if there is none; the tag of the object that counts.
pub(super) async fn name_object(
    connection: &mut Connection,
    content: &Content,
    tag: &str,
    now: Timestamp,
) -> Result<String, sqlx::Error> {
    let Content { sha256, size_bytes, media_type } = content;
    let sql = "insert into objects (sha256, tag, size_bytes, media_type, created_at) values ($1, $2, $3, $4, $5) \
               on conflict (sha256) do update set size_bytes = excluded.size_bytes returning tag";
    let values = vec![
        sha256.as_str().into(),
        tag.into(),
        i64::try_from(*size_bytes).unwrap_or(i64::MAX).into(),
        (*media_type).into(),
        now.as_ms().into(),
    ];
    let rows = connection.fetch(sql, values).await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)
}

/// Removes the row of a content that is held, if no document names it.
pub(super) async fn drop_if_unnamed(
    connection: &mut Connection,
    sha256: &str,
) -> Result<Option<RemovedObject>, sqlx::Error> {
    let sql = "delete from objects where sha256 = $1 \
               and not exists (select 1 from documents where sha256 = $1) returning tag";
    let rows = connection.fetch(sql, vec![sha256.into()]).await?;
    let tag: Option<String> = rows.first().map(|row| row.get(0)).transpose()?;
    Ok(tag.map(|tag| RemovedObject { sha256: sha256.to_owned(), tag }))
}
