//! Links of devices.

use report::Timestamp;
use sqlx::AssertSqlSafe;

use super::connection::Connection;
use super::paging::{Filter, KeyKind, List, Sort};
use super::snapshots::device_exists;
use super::value::{Columns, Row};
use super::writer::{Change, Ledger};
use super::{Store, StoreError};
use crate::domain::change::{Author, Entry};
use crate::domain::link::{Line, Link, LinkKind, LinkPatch, LinkUrl, TypedLink};
use crate::domain::paging::{Paging, Part};

const COLUMNS: &str = "id, device_id, label, url, kind, created_at, updated_at";

impl Store {
    /// A part of a device's links, oldest first; `None` if there is no such device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn device_links(
        &self,
        device_id: i64,
        paging: &Paging,
    ) -> Result<Option<Part<Link>>, StoreError> {
        let mut read = self.read().await?;
        if !device_exists(&mut read, device_id).await? {
            return Ok(None);
        }
        let list = List {
            columns: COLUMNS,
            items: "manufacturer_links",
            joined: "",
            filter: Filter::default().and("device_id = ?", [device_id.into()]),
            sort: Sort { key: "created_at", kind: KeyKind::Int, id: "id", descending: false },
        };
        Ok(Some(list.read(&mut read, paging).await?.try_map(|row| link(&row))?))
    }

    /// One link.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn link(&self, id: i64) -> Result<Option<Link>, StoreError> {
        let sql = AssertSqlSafe(format!("select {COLUMNS} from manufacturer_links where id = $1"));
        let row = self.read().await?.fetch_first(sql, vec![id.into()]).await?;
        Ok(row.as_ref().map(link).transpose()?)
    }

    /// Adds a link to a device; `None` if there is no such device.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn add_link(
        &self,
        device_id: i64,
        typed: TypedLink,
        author: Author,
    ) -> Result<Option<Link>, StoreError> {
        self.inner.writer.write(AddLink { device_id, link: typed.into(), author }).await
    }

    /// Changes a link; `None` if there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_link(
        &self,
        id: i64,
        patch: LinkPatch,
        author: Author,
    ) -> Result<Option<Link>, StoreError> {
        self.inner.writer.write(ChangeLink { id, patch, author }).await
    }

    /// Deletes a link; false if there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_link(&self, id: i64, author: Author) -> Result<bool, StoreError> {
        self.inner.writer.write(DeleteLink { id, author }).await
    }
}

/// Keeps the device from being deleted until the transaction ends; false if it was already.
pub(super) async fn hold_device(connection: &mut Connection, id: i64) -> Result<bool, sqlx::Error> {
    let sql = "update devices set version = version where id = $1 returning id";
    Ok(!connection.fetch(sql, vec![id.into()]).await?.is_empty())
}

struct AddLink {
    device_id: i64,
    link: LinkPatch,
    author: Author,
}

impl Change for AddLink {
    type Done = Option<Link>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Option<Link>, sqlx::Error> {
        if !hold_device(connection, self.device_id).await? {
            return Ok(None);
        }
        let LinkPatch { label, url, kind } = &self.link;
        let sql = format!(
            "insert into manufacturer_links (device_id, label, url, kind, created_at, updated_at) \
             values ($1, $2, $3, $4, $5, $5) returning {COLUMNS}"
        );
        let values = vec![
            self.device_id.into(),
            label.as_ref().map_or("", Line::as_str).into(),
            url.as_ref().map_or("", LinkUrl::as_str).into(),
            kind.unwrap_or_default().as_str().into(),
            self.author.at.as_ms().into(),
        ];
        let rows = connection.fetch(AssertSqlSafe(sql), values).await?;
        let link = link(rows.first().ok_or(sqlx::Error::RowNotFound)?)?;
        ledger.note(&self.author, entry("link.create", &link));
        Ok(Some(link))
    }
}

struct ChangeLink {
    id: i64,
    patch: LinkPatch,
    author: Author,
}

impl Change for ChangeLink {
    type Done = Option<Link>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Option<Link>, sqlx::Error> {
        let LinkPatch { label, url, kind } = &self.patch;
        let sql = format!(
            "update manufacturer_links set label = coalesce($2, label), url = coalesce($3, url), \
             kind = coalesce($4, kind), updated_at = $5 where id = $1 returning {COLUMNS}"
        );
        let text = |text: Option<&str>| text.map(str::to_owned).into();
        let values = vec![
            self.id.into(),
            text(label.as_ref().map(Line::as_str)),
            text(url.as_ref().map(LinkUrl::as_str)),
            text(kind.map(LinkKind::as_str)),
            self.author.at.as_ms().into(),
        ];
        let rows = connection.fetch(AssertSqlSafe(sql), values).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let link = link(row)?;
        ledger.note(&self.author, entry("link.update", &link));
        Ok(Some(link))
    }
}

struct DeleteLink {
    id: i64,
    author: Author,
}

impl Change for DeleteLink {
    type Done = bool;

    async fn write(&self, connection: &mut Connection, ledger: &mut Ledger) -> Result<bool, sqlx::Error> {
        let sql = format!("delete from manufacturer_links where id = $1 returning {COLUMNS}");
        let rows = connection.fetch(AssertSqlSafe(sql), vec![self.id.into()]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        ledger.note(&self.author, entry("link.delete", &link(row)?));
        Ok(true)
    }
}

fn entry(action: &'static str, link: &Link) -> Entry {
    Entry::new(action, link.id, link.label.as_str())
        .with(serde_json::json!({"device_id": link.device_id, "url": link.url}))
}

fn link(row: &Row) -> Result<Link, sqlx::Error> {
    let mut columns = Columns::of(row);
    Ok(Link {
        id: columns.next()?,
        device_id: columns.next()?,
        label: columns.next()?,
        url: columns.next()?,
        kind: LinkKind::from_stored(&columns.next::<String>()?),
        created_at: Timestamp::from_ms(columns.next()?),
        updated_at: Timestamp::from_ms(columns.next()?),
    })
}
