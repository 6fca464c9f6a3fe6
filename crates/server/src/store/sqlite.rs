//! SQLite's connection that writes, and what it shares with those that read. A statement runs in the thread that asks for it:
//! whoever writes has a thread of its own ([`in_a_thread`]), in which waiting for the disk holds nobody up.

use std::borrow::Cow;
use std::ffi::c_int;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use sqlx::error::{DatabaseError, ErrorKind};
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep};

use super::value::{Cell, Row, Value};

/// Another process may hold SQLite's lock this long before we answer "busy".
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(3);
/// Statements that a connection keeps parsed: those of the writer in every size.
pub(super) const STATEMENTS: usize = 256;
/// A lock is asked for again after so long at first, and after twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
/// After so long at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(32);

/// What every connection that writes is told, once it may:
/// - the write-ahead log is cut back to 64 MiB by a checkpoint, which a task of its own does, off the way of commits;
/// - a statement of many rows may fail at any of them, and keeps what it did before: not in a file of its own for each, nor
///   in a folder that may not be there.
const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                        pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 0; pragma temp_store = memory";

/// How to open the file.
#[derive(Clone)]
pub(super) struct SqliteOptions {
    /// The database.
    pub(super) file: PathBuf,
    /// A statement waits this long for a lock, and its thread with it.
    pub(super) wait: Duration,
}

impl SqliteOptions {
    /// Opens it, and makes the file if there is none.
    pub(super) async fn open(&self) -> Result<Sqlite, sqlx::Error> {
        let mut waiting = Waiting::begin();
        loop {
            let options = self.clone();
            let opened = spawn_blocking(move || options.open_now()).await;
            match opened.map_err(|_| sqlx::Error::WorkerCrashed)?.map_err(failed) {
                // Who turns the write-ahead log on is in the way of all others, whom SQLite itself lets not wait for that.
                Err(error) => waiting.for_lock(error).await?,
                opened => return opened,
            }
        }
    }

    fn open_now(&self) -> rusqlite::Result<Sqlite> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = Connection::open_with_flags(&self.file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.busy_timeout(self.wait)?;
        connection.execute_batch(SETTINGS)?;
        Ok(Sqlite(connection))
    }
}

/// A connection that writes.
pub(crate) struct Sqlite(Connection);

impl Sqlite {
    /// Begins a transaction, and takes the lock at once, so that it cannot fail halfway. Another process may have it: that
    /// is waited for here, where whoever asks can stop waiting.
    pub(super) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        self.execute_when_free("begin immediate").await
    }

    /// Commits. Readers are in the way of that only where the file system lets SQLite have no write-ahead log.
    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        self.execute_when_free("commit").await
    }

    async fn execute_when_free(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let mut waiting = Waiting::begin();
        while let Err(error) = self.execute(sql, &[]) {
            waiting.for_lock(error).await?;
        }
        Ok(())
    }

    /// Runs a statement; the number of rows it touched.
    pub(super) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, sqlx::Error> {
        let run = || {
            let mut statement = self.0.prepare_cached(sql)?;
            bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(self.0.changes())
        };
        run().map_err(failed)
    }

    /// Runs statements that take no values and answer nothing.
    pub(super) fn execute_all(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        self.0.execute_batch(sql).map_err(failed)
    }

    /// All rows of a statement.
    pub(super) fn fetch(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, sqlx::Error> {
        rows(&self.0, sql, values).map_err(failed)
    }

    pub(super) fn close(self) -> Result<(), sqlx::Error> {
        self.0.close().map_err(|(_, error)| failed(error))
    }
}

/// Runs this to its end in a thread that may wait.
pub(super) fn in_a_thread(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let runtime = Handle::current();
    spawn_blocking(move || runtime.block_on(work))
}

/// Waiting for a lock that another process has.
struct Waiting {
    end: Instant,
    pause: Duration,
}

impl Waiting {
    fn begin() -> Self {
        Self { end: Instant::now() + BUSY_TIMEOUT, pause: FIRST_PAUSE }
    }

    /// Returns when it is time to try again; fails if it is too late for that, or if the error is another one.
    async fn for_lock(&mut self, error: sqlx::Error) -> Result<(), sqlx::Error> {
        if !is_busy(&error) || Instant::now() >= self.end {
            return Err(error);
        }
        sleep(self.pause).await;
        self.pause = LONGEST_PAUSE.min(self.pause * 2);
        Ok(())
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    const BUSY: c_int = 5;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<c_int>().ok());
    code.is_some_and(|code| code & 0xff == BUSY)
}

/// All rows of a statement.
pub(super) fn rows(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, values)?;
    let columns = statement.column_count();
    let (mut found, mut rows) = (Vec::new(), statement.raw_query());
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|column| row.get_ref(column).and_then(cell));
        found.push(Row::Sqlite(cells.collect::<rusqlite::Result<_>>()?));
    }
    Ok(found)
}

/// SQLite numbers `$2`, `$1` by where they stand first; what they are called says which value is meant. A `?` has no name,
/// and means the value of its place.
fn bind(statement: &mut CachedStatement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place);
        let number = name.map_or(Some(place), |name| name.get(1..)?.parse().ok());
        let value = number.and_then(|number: usize| values.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| {
            rusqlite::Error::InvalidParameterName(name.map_or_else(|| place.to_string(), str::to_owned))
        })?;
        let value = match value {
            Value::Int(value) => value.map_or(ValueRef::Null, ValueRef::Integer),
            Value::Real(value) => value.map_or(ValueRef::Null, ValueRef::Real),
            Value::Text(value) => value.as_deref().map_or(ValueRef::Null, ValueRef::from),
            Value::Shared(value) => ValueRef::from(&**value),
            Value::Bytes(value) => value.as_deref().map_or(ValueRef::Null, ValueRef::Blob),
        };
        statement.raw_bind_parameter(place, ToSqlOutput::Borrowed(value))?;
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> rusqlite::Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Int(value),
        ValueRef::Real(value) => Cell::Real(value),
        ValueRef::Text(_) => Cell::Text(value.as_str()?.into()),
        ValueRef::Blob(value) => Cell::Bytes(value.into()),
    })
}

pub(super) fn failed(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..) => sqlx::Error::Decode(error.into()),
        error => sqlx::Error::Database(Box::new(Failure(error))),
    }
}

/// What SQLite says, in the form that sqlx gives to what it says itself.
#[derive(Debug)]
struct Failure(rusqlite::Error);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = self;
        write!(f, "(code: {}) {error}", self.number())
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The extended result code; 1 is SQLite's own for a statement that is at fault.
    fn number(&self) -> c_int {
        self.0.sqlite_error().map_or(1, |error| error.extended_code)
    }
}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        match &self.0 {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message,
            _ => "SQLite failed",
        }
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.number().to_string().into())
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}
