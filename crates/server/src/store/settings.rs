//! Settings that live in the database, shared by every server on it.

use super::Store;
use super::connection::Connection;
use super::error::StoreError;
use super::writer::{Change, Ledger};

impl Store {
    /// The value of a setting.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = self.read().await?.fetch_first(SELECT, vec![name.into()]).await?;
        Ok(row.map(|row| row.get(0)).transpose()?)
    }

    /// Sets a setting, whatever it was.
    pub async fn put_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.inner.writer.write(Put { name: name.to_owned(), value: value.to_owned() }).await?;
        Ok(())
    }

    /// The value of a setting, which becomes `value` if there was none: the first server decides for all.
    pub async fn setting_or_insert(&self, name: &str, value: &str) -> Result<String, StoreError> {
        self.inner.writer.write(Insert { name: name.to_owned(), value: value.to_owned() }).await?;
        let stored = self.setting(name).await?;
        stored.ok_or_else(|| StoreError::Corrupt(format!("no setting {name:?} though it was just written")))
    }
}

const SELECT: &str = "select value from settings where name = $1";

/// Sets a setting.
struct Put {
    name: String,
    value: String,
}

impl Change for Put {
    type Done = ();

    async fn write(&self, connection: &mut Connection, _: &mut Ledger) -> Result<(), sqlx::Error> {
        let sql = "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
        let values = vec![self.name.as_str().into(), self.value.as_str().into()];
        connection.execute(sql, values).await.map(drop)
    }
}

/// Sets a setting that has no value yet.
struct Insert {
    name: String,
    value: String,
}

impl Change for Insert {
    type Done = ();

    async fn write(&self, connection: &mut Connection, _: &mut Ledger) -> Result<(), sqlx::Error> {
        let sql = "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing";
        let values = vec![self.name.as_str().into(), self.value.as_str().into()];
        connection.execute(sql, values).await.map(drop)
    }
}
