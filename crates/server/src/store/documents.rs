//! Documents of devices and of hardware models.

use report::Timestamp;
use sqlx::AssertSqlSafe;

use super::connection::Connection;
use super::links::hold_device;
use super::objects::{RemovedObject, drop_if_unnamed, hold_object, name_object};
use super::paging::{Filter, KeyKind, List, Sort};
use super::snapshots::device_exists;
use super::value::{Columns, Row, Value};
use super::writer::{Change, Ledger, UpdateDevices};
use super::{Store, StoreError, stored};
use crate::domain::change::{Author, Entry};
use crate::domain::document::{Document, DocumentKind, DocumentPatch, DocumentScope, FileName, NewDocument};
use crate::domain::link::Line;
use crate::domain::media_type::is_drawable;
use crate::domain::paging::{Paging, Part};

const COLUMNS: &str = "d.id, d.device_id, d.kind, d.title, d.file_name, o.media_type, o.size_bytes, d.sha256, \
                       d.created_at, d.updated_at, o.tag";
const JOINED: &str = "join objects o on o.sha256 = d.sha256";

/// A document, and where its content lies.
#[derive(Clone, Debug)]
pub struct StoredDocument {
    /// As it is served.
    pub document: Document,
    /// The content's object.
    pub tag: String,
}

/// What came of a document that was to be added.
#[derive(Debug)]
pub enum AddedDocument {
    /// It is there.
    Added {
        /// As it is served.
        document: Box<Document>,
        /// The object that it names.
        tag: String,
    },
    /// There is no such device.
    NoDevice,
    /// Nobody knows of which model the device is.
    NoModel,
    /// No object was brought along, and there is none of that content.
    NoObject,
}

impl Store {
    /// A part of the documents of a device and of its model, oldest first; without private ones where only the public's are
    /// wanted. `None` if there is no such device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_documents(
        &self,
        device_id: i64,
        public: bool,
        paging: &Paging,
    ) -> Result<Option<Part<Document>>, StoreError> {
        let mut read = self.read().await?;
        if !device_exists(&mut read, device_id).await? {
            return Ok(None);
        }
        const SHOWN: &str = "(d.device_id = ? or d.model_key = \
                             (select model_key from devices where id = ? and model_key <> ''))";
        let private = [DocumentKind::Invoice, DocumentKind::Warranty].map(|kind| Value::from(kind.as_str()));
        let filter = Filter::default().and(SHOWN, [device_id.into(), device_id.into()]);
        let list = List {
            columns: COLUMNS,
            items: "documents d",
            joined: JOINED,
            filter: if public { filter.and("d.kind not in (?, ?)", private) } else { filter },
            sort: Sort { key: "d.created_at", kind: KeyKind::Int, id: "d.id", descending: false },
        };
        let part = list.read(&mut read, paging).await?;
        Ok(Some(part.try_map(|row| Ok::<_, sqlx::Error>(document(&row)?.document))?))
    }

    /// Whether there is a device with that id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_device(&self, id: i64) -> Result<bool, StoreError> {
        Ok(device_exists(&mut self.read().await?, id).await?)
    }

    /// One document.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn document(&self, id: i64) -> Result<Option<StoredDocument>, StoreError> {
        let row = self.read().await?.fetch_first(AssertSqlSafe(select()), vec![id.into()]).await?;
        Ok(row.as_ref().map(document).transpose()?)
    }

    /// Adds a document. `tag` tells the object that was stored for it, if one was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn add_document(
        &self,
        document: NewDocument,
        tag: Option<String>,
        author: Author,
    ) -> Result<AddedDocument, StoreError> {
        self.inner.writer.write(AddDocument { document, tag, author }).await
    }

    /// Changes what is said of a document; `None` if there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_document(
        &self,
        id: i64,
        patch: DocumentPatch,
        author: Author,
    ) -> Result<Option<Document>, StoreError> {
        self.inner.writer.write(ChangeDocument { id, patch, author }).await
    }

    /// Deletes a document; `None` if there is none. If no other names its content, the object is to be removed now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_document(
        &self,
        id: i64,
        author: Author,
    ) -> Result<Option<Option<RemovedObject>>, StoreError> {
        self.inner.writer.write(DeleteDocument { id, author }).await
    }
}

struct AddDocument {
    document: NewDocument,
    tag: Option<String>,
    author: Author,
}

impl Change for AddDocument {
    type Done = AddedDocument;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<AddedDocument, sqlx::Error> {
        let NewDocument { device_id, scope, kind, title, file_name, content } = &self.document;
        if !hold_device(connection, *device_id).await? {
            return Ok(AddedDocument::NoDevice);
        }
        let model = match scope {
            DocumentScope::Device => None,
            DocumentScope::Model => match model_of(connection, *device_id).await? {
                Some(model) => Some(model),
                None => return Ok(AddedDocument::NoModel),
            },
        };
        let used = match &self.tag {
            Some(tag) => Some(name_object(connection, content, tag, self.author.at).await?),
            None => hold_object(connection, &content.sha256).await?,
        };
        let Some(tag) = used else { return Ok(AddedDocument::NoObject) };
        let values = vec![
            model.is_none().then_some(*device_id).into(),
            model.clone().into(),
            kind.as_str().into(),
            title.as_ref().map_or(file_name.as_str(), Line::as_str).into(),
            file_name.as_str().into(),
            content.sha256.as_str().into(),
            self.author.at.as_ms().into(),
        ];
        let rows = connection.fetch(INSERT, values).await?;
        let id: i64 = rows.first().ok_or(sqlx::Error::RowNotFound)?.get(0)?;
        let added = load(connection, id).await?.ok_or(sqlx::Error::RowNotFound)?;
        ledger.note(&self.author, entry("document.create", &added.document, *device_id));
        Ok(AddedDocument::Added { document: Box::new(added.document), tag })
    }
}

const INSERT: &str = "insert into documents (device_id, model_key, kind, title, file_name, sha256, created_at, updated_at) \
                      values ($1, $2, $3, $4, $5, $6, $7, $7) returning id";

struct ChangeDocument {
    id: i64,
    patch: DocumentPatch,
    author: Author,
}

impl Change for ChangeDocument {
    type Done = Option<Document>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Option<Document>, sqlx::Error> {
        let DocumentPatch { title, kind, file_name } = &self.patch;
        let sql = "update documents set title = coalesce($2, title), kind = coalesce($3, kind), \
                   file_name = coalesce($4, file_name), updated_at = $5 where id = $1 returning id";
        let text = |text: Option<&str>| text.map(str::to_owned).into();
        let values = vec![
            self.id.into(),
            text(title.as_ref().map(Line::as_str)),
            text(kind.map(DocumentKind::as_str)),
            text(file_name.as_ref().map(FileName::as_str)),
            self.author.at.as_ms().into(),
        ];
        if connection.fetch(sql, values).await?.is_empty() {
            return Ok(None);
        }
        let changed = load(connection, self.id).await?.ok_or(sqlx::Error::RowNotFound)?.document;
        ledger.note(&self.author, entry("document.update", &changed, changed.device_id));
        Ok(Some(changed))
    }
}

struct DeleteDocument {
    id: i64,
    author: Author,
}

impl Change for DeleteDocument {
    type Done = Option<Option<RemovedObject>>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let Some(found) = load(connection, self.id).await? else { return Ok(None) };
        // Whose it is first, as whoever makes it that device's photo does; then the object, as for an upload: whoever adds
        // a document of the same content waits, or we do.
        if let Some(device) = found.document.device_id {
            hold_device(connection, device).await?;
        }
        hold_object(connection, &found.document.sha256).await?;
        let sql = "delete from documents where id = $1 returning id";
        if connection.fetch(sql, vec![self.id.into()]).await?.is_empty() {
            return Ok(None);
        }
        ledger.note(&self.author, entry("document.delete", &found.document, found.document.device_id));
        UpdateDevices::forget_photos(connection, ledger, &self.author, &[self.id].into()).await?;
        Ok(Some(drop_if_unnamed(connection, &found.document.sha256).await?))
    }
}

async fn model_of(connection: &mut Connection, device_id: i64) -> Result<Option<String>, sqlx::Error> {
    let sql = "select model_key from devices where id = $1 and model_key <> ''";
    let rows = connection.fetch(sql, vec![device_id.into()]).await?;
    rows.first().map(|row| row.get(0)).transpose()
}

fn select() -> String {
    format!("select {COLUMNS} from documents d {JOINED} where d.id = $1")
}

async fn load(connection: &mut Connection, id: i64) -> Result<Option<StoredDocument>, sqlx::Error> {
    let rows = connection.fetch(AssertSqlSafe(select()), vec![id.into()]).await?;
    rows.first().map(document).transpose()
}

fn entry(action: &'static str, document: &Document, device_id: impl Into<Option<i64>>) -> Entry {
    let device_id: Option<i64> = device_id.into();
    let Document { scope, kind, file_name, sha256, .. } = document;
    let detail = serde_json::json!({
        "device_id": device_id, "scope": scope, "kind": kind, "file_name": file_name, "sha256": sha256,
    });
    Entry::new(action, document.id, document.title.as_str()).with(detail)
}

fn document(row: &Row) -> Result<StoredDocument, sqlx::Error> {
    let mut columns = Columns::of(row);
    let id: i64 = columns.next()?;
    let device_id: Option<i64> = columns.next()?;
    let kind = DocumentKind::from_name(&columns.next::<String>()?).unwrap_or_default();
    let (title, file_name, media_type): (String, String, String) =
        (columns.next()?, columns.next()?, columns.next()?);
    let document = Document {
        id,
        scope: if device_id.is_some() { DocumentScope::Device } else { DocumentScope::Model },
        device_id,
        kind,
        title,
        file_name,
        download_url: format!("/api/docs/{id}/download"),
        thumbnail_url: is_drawable(&media_type).then(|| format!("/api/docs/{id}/thumbnail")),
        media_type,
        size_bytes: stored::count(columns.next()?),
        sha256: columns.next()?,
        created_at: Timestamp::from_ms(columns.next()?),
        updated_at: Timestamp::from_ms(columns.next()?),
    };
    Ok(StoredDocument { document, tag: columns.next()? })
}
