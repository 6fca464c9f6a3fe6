//! Settings that live in the database, shared by every server on it.

use super::connection::Connection;
use super::error::StoreError;
use super::{Store, writer};

impl Store {
    /// The value of a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = self.read().await?.fetch_first(SELECT, vec![name.into()]).await?;
        Ok(row.map(|row| row.get(0)).transpose()?)
    }

    /// Sets a setting, whatever it was.
    pub async fn put_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.inner.writer.write(writer::Change::PutSetting(name.to_owned(), value.to_owned())).await?;
        Ok(())
    }

    /// The value of a setting, which becomes `value` if there was none: the first server decides for all.
    pub async fn setting_or_insert(&self, name: &str, value: &str) -> Result<String, StoreError> {
        self.inner.writer.write(writer::Change::InsertSetting(name.to_owned(), value.to_owned())).await?;
        let stored = self.setting(name).await?;
        stored.ok_or_else(|| StoreError::Corrupt(format!("no setting {name:?} though it was just written")))
    }
}

const SELECT: &str = "select value from settings where name = $1";

pub(super) async fn put(connection: &mut Connection, name: &str, value: &str) -> Result<bool, sqlx::Error> {
    let sql = "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
    connection.execute(sql, vec![name.into(), value.into()]).await.map(|rows| rows > 0)
}

pub(super) async fn insert(
    connection: &mut Connection,
    name: &str,
    value: &str,
) -> Result<bool, sqlx::Error> {
    let sql = "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing";
    connection.execute(sql, vec![name.into(), value.into()]).await.map(|rows| rows > 0)
}
