//! One connection, one pool and one read transaction of either engine: the only place that knows two.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, SqlSafeStr, SqlStr};

use super::error::StoreError;
use super::meter::Meter;
use super::paging::Long;
use super::patience::{Deadline, Patience};
use super::reader::{Readers, Reading};
use super::settled::{self, Table};
use super::sqlite::{STATEMENTS, Sqlite, SqliteOptions};
use super::url::DatabaseUrl;
use super::value::{Row, Value, bind};

/// Which database this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file.
    Sqlite,
    /// A server, shared by any number of ours.
    Postgres,
}

impl Engine {
    /// The name that people read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }
}

/// How to connect, per engine.
#[derive(Clone)]
pub(crate) enum Options {
    Sqlite(SqliteOptions),
    Postgres(Box<PgConnectOptions>, Patience),
}

/// The checkpointer waits for nobody: it tries again soon.
const CHECKPOINT_TIMEOUT: Duration = Duration::from_millis(50);
/// What PostgreSQL is told of a session: to give up before whoever waits for it does, and not to keep the locks of a
/// client that went silent in a transaction.
const POSTGRES_LIMITS: &str = "select set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false), \
                               set_config('idle_in_transaction_session_timeout', $2, false)";

impl Options {
    pub(crate) fn from_url(url: &DatabaseUrl, patience: Patience) -> Result<Self, StoreError> {
        Ok(match url {
            // The lock is waited for when a transaction begins, and nowhere else.
            DatabaseUrl::Sqlite(path) => {
                Self::Sqlite(SqliteOptions { file: path.clone(), wait: Duration::ZERO })
            }
            DatabaseUrl::Postgres(url) => {
                let options = PgConnectOptions::from_url(url)?
                    .application_name("benchtools-server")
                    .statement_cache_capacity(STATEMENTS)
                    .disable_statement_logging();
                Self::Postgres(options.into(), patience)
            }
        })
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(..) => Engine::Postgres,
        }
    }

    /// The end of what begins now.
    pub(crate) fn deadline(&self) -> Deadline {
        match self {
            Self::Sqlite(_) => Deadline::NONE,
            Self::Postgres(_, patience) => patience.deadline(),
        }
    }

    /// The same, for the checkpointer.
    pub(crate) fn for_checkpoints(&self) -> Self {
        match self {
            Self::Sqlite(options) => {
                Self::Sqlite(SqliteOptions { wait: CHECKPOINT_TIMEOUT, ..options.clone() })
            }
            Self::Postgres(options, patience) => Self::Postgres(options.clone(), *patience),
        }
    }

    /// A connection whose statements end in time.
    pub(crate) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        let mut connection = self.connect_for_migration().await?;
        self.limit(&mut connection).await?;
        Ok(connection)
    }

    /// Makes the database file, if there is none, for its owner alone: in it lies the key that hides serial numbers.
    /// SQLite gives the files beside it the same mode. What cannot be made, the connection complains of.
    pub(crate) fn make_file(url: &DatabaseUrl) {
        if let DatabaseUrl::Sqlite(file) = url {
            drop(OpenOptions::new().write(true).create_new(true).mode(0o600).open(file));
        }
    }

    /// A connection whose statements take as long as they take.
    pub(crate) async fn connect_for_migration(&self) -> Result<Connection, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => Connection::Sqlite(options.open().await?),
            Self::Postgres(options, patience) => {
                Connection::Postgres(patience.deadline().keep(PgConnection::connect_with(options)).await?)
            }
        })
    }

    /// From here on the connection's statements end in time. On SQLite they do by themselves.
    pub(crate) async fn limit(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        match (self, connection) {
            (Self::Postgres(_, patience), Connection::Postgres(connection)) => {
                limit(connection, *patience).await
            }
            _ => Ok(()),
        }
    }

    /// The pool that reads come from; on SQLite its connections cannot write.
    pub(crate) fn read_pool(&self) -> Pool {
        const IDLE: Duration = Duration::from_secs(60);
        match self {
            Self::Sqlite(options) => Pool::Sqlite(Readers::of(&options.file)),
            Self::Postgres(options, patience) => {
                let patience = *patience;
                let pool = PgPoolOptions::new()
                    .max_connections(8)
                    .acquire_timeout(patience.half())
                    .idle_timeout(IDLE)
                    .after_connect(move |connection, _| Box::pin(limit(connection, patience)))
                    // The pool itself would wait for ever, and the place with it.
                    .after_release(move |connection, _| {
                        Box::pin(
                            async move { patience.deadline().keep(connection.ping()).await.map(|()| true) },
                        )
                    });
                Pool::Postgres(pool.connect_lazy_with(options.as_ref().clone()), patience)
            }
        }
    }
}

async fn limit(connection: &mut PgConnection, patience: Patience) -> Result<(), sqlx::Error> {
    let ms = |time: Duration| time.as_millis().to_string();
    let query = sqlx::query(POSTGRES_LIMITS).bind(ms(patience.half())).bind(ms(patience.whole()));
    query.execute(connection).await.map(drop)
}

/// All rows of a query of PostgreSQL.
async fn fetch_all(
    connection: &mut PgConnection,
    sql: SqlStr,
    values: Vec<Value>,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = bind!(sqlx::query(sql), values).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

/// Where reads come from.
#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(Readers),
    Postgres(PgPool, Patience),
}

impl Pool {
    /// Begins a read transaction: everything read in it is of one moment, and in time or not at all.
    pub(crate) async fn begin(&self) -> Result<Read, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => {
                let transaction = Transaction::Sqlite(Some(pool.begin().await?));
                Ok(Read {
                    transaction,
                    deadline: Deadline::NONE,
                    settled: None,
                    long: Long::default(),
                    meter: None,
                })
            }
            Self::Postgres(pool, patience) => {
                const BEGIN: &str = "begin isolation level repeatable read, read only";
                let deadline = patience.deadline();
                let transaction = deadline.keep(pool.begin_with(BEGIN)).await?;
                Ok(Read {
                    transaction: Transaction::Postgres(transaction),
                    deadline,
                    settled: None,
                    long: Long::default(),
                    meter: None,
                })
            }
        }
    }

    /// A number that is the same as before only if nothing was written since; `None` where that is not known.
    pub(super) async fn moment(&self) -> Result<Option<u64>, sqlx::Error> {
        match self {
            Self::Sqlite(readers) => readers.moment().await.map(Some),
            Self::Postgres(..) => Ok(None),
        }
    }

    /// Up to which id the table is settled, for a transaction that begins later; `None` where everything always is.
    pub(super) async fn settled(&self, table: Table) -> Result<Option<i64>, sqlx::Error> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(pool, patience) => {
                let question = AssertSqlSafe(settled::question(table));
                let row = patience.deadline().keep(sqlx::query(question).fetch_one(pool)).await?;
                Row::Postgres(row).get(0).map(Some)
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}

/// A read transaction; dropping it ends it.
pub(crate) struct Read {
    transaction: Transaction,
    /// Of all of it, however many statements that are.
    deadline: Deadline,
    /// Rows with larger ids are left out of lists that are walked from cursor to cursor.
    pub(super) settled: Option<i64>,
    /// What need not be counted.
    pub(super) long: Long,
    /// Counts its failures.
    meter: Option<Arc<Meter>>,
}

enum Transaction {
    /// There but while a thread of its own reads.
    Sqlite(Option<Reading>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Transaction {
    async fn fetch(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        let reading = match self {
            Self::Postgres(transaction) => return fetch_all(transaction, sql, values).await,
            Self::Sqlite(reading) => reading,
        };
        if let Some(reading) = reading
            && let Some(rows) = reading.fetch(sql.as_str(), &values)?
        {
            return Ok(rows);
        }
        // Whoever asked may be gone before the rows are there: the transaction then ends where it is.
        let moved = reading.take().ok_or(sqlx::Error::WorkerCrashed)?;
        let fetch = move || (moved.fetch_patiently(sql.as_str(), &values), moved);
        let (rows, moved) =
            tokio::task::spawn_blocking(fetch).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        *reading = Some(moved);
        rows
    }
}

impl Read {
    /// Counts failures there from now on.
    pub(crate) fn counted(self, meter: Arc<Meter>) -> Self {
        Self { meter: Some(meter), ..self }
    }

    /// All rows of a query.
    pub(crate) async fn fetch(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let transaction = &mut self.transaction;
        let rows = self.deadline.keep(transaction.fetch(sql.into_sql_str(), values)).await;
        if let (Err(error), Some(meter)) = (&rows, &self.meter) {
            meter.failed(error);
        }
        rows
    }

    /// The first row of a query.
    pub(crate) async fn fetch_first(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.fetch(sql, values).await?.into_iter().next())
    }
}

/// The connection that writes.
pub(crate) enum Connection {
    Sqlite(Sqlite),
    Postgres(PgConnection),
}

impl Connection {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.begin().await,
            Self::Postgres(_) => self.execute("begin", Vec::new()).await.map(drop),
        }
    }

    pub(crate) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.commit().await,
            Self::Postgres(_) => self.execute("commit", Vec::new()).await.map(drop),
        }
    }

    pub(crate) async fn rollback(&mut self) -> Result<(), sqlx::Error> {
        self.execute("rollback", Vec::new()).await.map(drop)
    }

    /// Runs a statement; the number of rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(connection) => connection.execute(sql.as_str(), &values),
            Self::Postgres(connection) => {
                Ok(bind!(sqlx::query(sql), values).execute(connection).await?.rows_affected())
            }
        }
    }

    /// All rows of a statement.
    pub(crate) async fn fetch(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(connection) => connection.fetch(sql.as_str(), &values),
            Self::Postgres(connection) => fetch_all(connection, sql, values).await,
        }
    }

    pub(crate) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.close(),
            Self::Postgres(connection) => connection.close().await,
        }
    }
}
