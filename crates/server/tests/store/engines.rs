//! Both engines: every test of the store runs its one body on SQLite and on PostgreSQL.

use std::future::Future;

use server::config::DatabaseUrl;
use server::store::{PATIENCE, Store};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// A database of a test's own, gone when dropped.
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    _folder: Option<TempDir>,
    /// PostgreSQL's database to drop.
    name: Option<String>,
}

/// Where the test script started PostgreSQL.
fn postgres() -> String {
    std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL is not set: run the tests with `make test`, or put `scripts/with-postgres.sh` before cargo",
    )
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("data.db"));
        Self { url, _folder: Some(folder), name: None }
    }

    pub(crate) async fn postgres() -> Self {
        let name = format!("t_{:032x}", u128::from_ne_bytes(random()));
        let mut connection = PgConnection::connect(&postgres()).await.unwrap();
        let create = AssertSqlSafe(format!("create database {name} template template0"));
        sqlx::query(create).execute(&mut connection).await.unwrap();
        let mut url = url::Url::parse(&postgres()).unwrap();
        url.set_path(&name);
        Self { url: DatabaseUrl::Postgres(url), _folder: None, name: Some(name) }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url, PATIENCE).await.unwrap()
    }

    /// Runs a statement behind the store's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        match &self.url {
            DatabaseUrl::Sqlite(file) => {
                let connection = rusqlite::Connection::open(file).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
        }
    }

    /// The one text that a query answers, read behind the store's back.
    pub(crate) async fn text(&self, sql: &'static str) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(file) => {
                let connection = rusqlite::Connection::open(file).unwrap();
                connection.query_row(sql, [], |row| row.get(0)).unwrap()
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
            }
        }
    }

    async fn drop(self) {
        if let Some(name) = &self.name {
            let mut connection = PgConnection::connect(&postgres()).await.unwrap();
            let drop = AssertSqlSafe(format!("drop database {name} with (force)"));
            sqlx::query(drop).execute(&mut connection).await.unwrap();
        }
    }
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// Runs a test's body on an empty database of either engine.
pub(crate) fn on_both<F: Future<Output = ()>>(body: impl Fn(std::sync::Arc<Database>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        for postgres in [false, true] {
            let database = if postgres { Database::postgres().await } else { Database::sqlite() };
            let database = std::sync::Arc::new(database);
            body(database.clone()).await;
            std::sync::Arc::into_inner(database).expect("the body gave the database back").drop().await;
        }
    });
}
