//! One test body on both databases: SQLite in a file, PostgreSQL in a database made for the test and dropped with it.

use std::path::Path;

use server::config::{Secret, Settings};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::common::Server;

/// Runs the body on a fresh server for each engine.
pub(crate) fn on_both_engines(body: impl Fn(&Server)) {
    on_both_engines_with(|settings| settings, body);
}

/// The same, with settings changed.
pub(crate) fn on_both_engines_with(change: impl Fn(Settings) -> Settings, body: impl Fn(&Server)) {
    // Both answers are held against one snapshot.
    insta::allow_duplicates! {
        eprintln!("on SQLite:");
        body(&Server::with(|settings, _| change(settings)));
        eprintln!("on PostgreSQL:");
        let database = PostgresDatabase::create();
        body(&Server::with(|settings, _| {
            change(Settings { database_url: Some(Secret::new(database.url.clone())), ..settings })
        }));
    }
}

/// A database of its own on the PostgreSQL that the tests are given; dropped with it.
pub(crate) struct PostgresDatabase {
    /// Its DATABASE_URL.
    pub(crate) url: String,
    name: String,
    admin: String,
}

impl PostgresDatabase {
    pub(crate) fn create() -> Self {
        let admin = std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| {
            panic!(
                "TEST_POSTGRES_URL is not set: run the tests with `make test`, or \
                 `scripts/with-postgres.sh cargo nextest run …`, which starts a PostgreSQL for them"
            )
        });
        let name = format!("t_{:016x}", getrandom::u64().unwrap());
        execute(&admin, format!("create database {name}"));
        let mut url = url::Url::parse(&admin).unwrap();
        url.set_path(&name);
        Self { url: url.into(), name, admin }
    }

    /// Takes it away from under whoever uses it.
    pub(crate) fn take_away(&self) {
        execute(&self.admin, format!("drop database if exists {} with (force)", self.name));
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        self.take_away();
    }
}

/// Runs a statement on PostgreSQL.
pub(crate) fn execute(url: &str, sql: String) {
    block_on(async {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// Runs statements on the SQLite database of a server.
pub(crate) fn execute_on_sqlite(server: &Server, sql: String) {
    sqlite(server.folder()).execute_batch(&sql).unwrap();
}

/// A connection of a test's own to a server's SQLite database, which lies in its folder.
pub(crate) fn sqlite(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("data.db")).unwrap()
}

fn block_on(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
}
