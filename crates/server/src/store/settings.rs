//! Settings that live in the database, shared by every server on it.

use serde_json::json;

use super::Store;
use super::connection::Connection;
use super::error::StoreError;
use super::writer::{Change, Ledger};
use crate::domain::change::{Author, Entry};
use crate::domain::settings::{SettingsPatch, SiteSettings};

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

impl Store {
    /// What people set, and what is usual where they set nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn site_settings(&self) -> Result<SiteSettings, StoreError> {
        Ok(site_settings(self.setting(SITE_NAME).await?))
    }

    /// Changes what people set; what counts afterwards.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn update_site_settings(
        &self,
        patch: SettingsPatch,
        author: Author,
    ) -> Result<SiteSettings, StoreError> {
        self.inner.writer.write(Update { patch, author }).await
    }
}

const SITE_NAME: &str = "site_name";

fn site_settings(site_name: Option<String>) -> SiteSettings {
    site_name.map_or_else(SiteSettings::default, |site_name| SiteSettings { site_name })
}

/// Changes what people set.
struct Update {
    patch: SettingsPatch,
    author: Author,
}

impl Change for Update {
    type Done = SiteSettings;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<SiteSettings, sqlx::Error> {
        let SettingsPatch { site_name } = &self.patch;
        if let Some(name) = site_name {
            match name {
                Some(name) => put(connection, SITE_NAME, name).await?,
                None => {
                    connection
                        .execute("delete from settings where name = $1", vec![SITE_NAME.into()])
                        .await?;
                }
            }
            let entry = Entry { subject_id: None, ..Entry::new("settings.update", 0, SITE_NAME) };
            ledger.note(&self.author, entry.with(json!({ SITE_NAME: name })));
        }
        let rows = connection.fetch(SELECT, vec![SITE_NAME.into()]).await?;
        Ok(site_settings(rows.first().map(|row| row.get(0)).transpose()?))
    }
}

async fn put(connection: &mut Connection, name: &str, value: &str) -> Result<(), sqlx::Error> {
    let sql = "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
    connection.execute(sql, vec![name.into(), value.into()]).await.map(drop)
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
        put(connection, &self.name, &self.value).await
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
