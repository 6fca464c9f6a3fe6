//! Tokens: made, listed, revoked, and found by their hash.

use report::Timestamp;
use serde_json::json;

use super::connection::Connection;
use super::paging::{Filter, KeyKind, List, Sort};
use super::value::{Columns, Row, Value};
use super::writer::{Change, Ledger};
use super::{Store, StoreError};
use crate::domain::change::{Author, Entry};
use crate::domain::paging::{Paging, Part};
use crate::domain::token::{NewToken, Scope, Token};

const COLUMNS: &str = "id, name, scope, device, created_at, expires_at, last_used_at, revoked_at";

/// What came of revoking a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It is refused from now on.
    Now {
        /// Its name.
        name: String,
    },
    /// It was revoked before.
    Before,
    /// There is none.
    Missing,
}

/// How a token to revoke is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKey {
    /// By its id.
    Id(i64),
    /// By its name, among those that are not revoked.
    Name(String),
}

impl Store {
    /// Makes a token with this hash; `None` if another has its name.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn create_token(
        &self,
        new: NewToken,
        hash: [u8; 32],
        author: Author,
    ) -> Result<Option<Token>, StoreError> {
        self.inner.writer.write(Create { new, hash, author }).await
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn revoke_token(&self, key: TokenKey, author: Author) -> Result<Revoked, StoreError> {
        self.inner.writer.write(Revoke { key, author }).await
    }

    /// Remembers when a token was used.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn touch_token(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.inner.writer.write(Touch { id, at }).await
    }

    /// A part of all tokens, the newest first, revoked ones among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tokens(&self, paging: &Paging) -> Result<Part<Token>, StoreError> {
        let list = List {
            columns: COLUMNS,
            items: "tokens",
            joined: "",
            filter: Filter::default(),
            sort: Sort { key: "created_at", kind: KeyKind::Int, id: "id", descending: true },
        };
        Ok(list.read(&mut self.read().await?, paging).await?.try_map(|row| token(&row))?)
    }

    /// The token with this hash, unless it is revoked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn token_by_hash(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from tokens where hash = $1 and revoked_at is null"
        ));
        let row = self.read().await?.fetch_first(sql, vec![hash.to_vec().into()]).await?;
        Ok(row.as_ref().map(token).transpose()?)
    }
}

fn token(row: &Row) -> Result<Token, sqlx::Error> {
    let mut columns = Columns::of(row);
    let time = |ms: Option<i64>| ms.map(Timestamp::from_ms);
    let (id, name, scope) = (columns.next()?, columns.next()?, columns.next::<String>()?);
    let scope =
        Scope::from_name(&scope).ok_or_else(|| sqlx::Error::Decode(format!("the scope {scope:?}").into()))?;
    Ok(Token {
        id,
        name,
        scope,
        device: columns.next()?,
        created_at: Timestamp::from_ms(columns.next()?),
        expires_at: time(columns.next()?),
        last_used_at: time(columns.next()?),
        revoked_at: time(columns.next()?),
    })
}

struct Create {
    new: NewToken,
    hash: [u8; 32],
    author: Author,
}

impl Change for Create {
    type Done = Option<Token>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Option<Token>, sqlx::Error> {
        let NewToken { name, scope, device, expires_at } = &self.new;
        // One statement: whoever is second at this very moment finds the name taken, too.
        let sql = format!(
            "insert into tokens (name, hash, scope, device, created_at, expires_at) values ($1, $2, $3, $4, $5, $6) \
             on conflict do nothing returning {COLUMNS}"
        );
        let values = vec![
            name.as_str().into(),
            self.hash.to_vec().into(),
            scope.as_str().into(),
            device.clone().into(),
            self.author.at.as_ms().into(),
            expires_at.map(Timestamp::as_ms).into(),
        ];
        let rows = connection.fetch(sqlx::AssertSqlSafe(sql), values).await?;
        let Some(made) = rows.first().map(token).transpose()? else { return Ok(None) };
        let detail = json!({ "scope": scope, "device": device, "expires_at": expires_at });
        ledger.note(&self.author, Entry::new("token.create", made.id, name.as_str()).with(detail));
        Ok(Some(made))
    }
}

struct Revoke {
    key: TokenKey,
    author: Author,
}

impl Change for Revoke {
    type Done = Revoked;

    async fn write(&self, connection: &mut Connection, ledger: &mut Ledger) -> Result<Revoked, sqlx::Error> {
        let (column, key): (_, Value) = match &self.key {
            TokenKey::Id(id) => ("id", (*id).into()),
            TokenKey::Name(name) => ("name", name.as_str().into()),
        };
        let sql = format!(
            "update tokens set revoked_at = $1 where {column} = $2 and revoked_at is null returning id, name"
        );
        let values = vec![self.author.at.as_ms().into(), key.clone()];
        let rows = connection.fetch(sqlx::AssertSqlSafe(sql), values).await?;
        if let Some(row) = rows.first() {
            let name: String = row.get(1)?;
            ledger.note(&self.author, Entry::new("token.revoke", row.get(0)?, name.as_str()));
            return Ok(Revoked::Now { name });
        }
        let sql = format!("select id from tokens where {column} = $1");
        let known = connection.fetch(sqlx::AssertSqlSafe(sql), vec![key]).await?;
        Ok(if known.is_empty() { Revoked::Missing } else { Revoked::Before })
    }
}

struct Touch {
    id: i64,
    at: Timestamp,
}

impl Change for Touch {
    type Done = ();

    async fn write(&self, connection: &mut Connection, _: &mut Ledger) -> Result<(), sqlx::Error> {
        let sql = "update tokens set last_used_at = $1 where id = $2";
        connection.execute(sql, vec![self.at.as_ms().into(), self.id.into()]).await.map(drop)
    }
}
