//! SQLite's connections that read. A statement runs in the thread that asks for it, as a call: as a message to a thread of its
//! own and back, with every row, it would cost several times what most reads do. One that takes long is broken off, and runs
//! in a thread that may wait.

use std::cell::Cell;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::sqlite::{BUSY_TIMEOUT, STATEMENTS, failed, rows};
use super::value::{Row, Value};

/// Connections at once.
const CONNECTIONS: u32 = 4;
/// A connection is waited for so long.
const WAIT: Duration = Duration::from_secs(5);
/// Steps of SQLite's machine from one look at how long a statement takes to the next.
const STRIDE: c_int = 1_000;
/// Looks until a statement is long: one or two milliseconds.
const SHORT: i64 = 40;

/// The connections; clones share them.
#[derive(Clone)]
pub(super) struct Readers(Arc<Inner>);

struct Inner {
    file: PathBuf,
    /// The last that was used is taken first: it knows the most pages.
    free: Mutex<Vec<Reader>>,
    places: Arc<Semaphore>,
    /// Moves when a connection sees that something was written.
    moment: AtomicU64,
}

impl Readers {
    /// Opens nothing yet.
    pub(super) fn of(file: &Path) -> Self {
        let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
        let moment = AtomicU64::new(0);
        Self(Arc::new(Inner { file: file.to_owned(), free: Mutex::default(), places, moment }))
    }

    /// Begins a read transaction.
    pub(super) async fn begin(&self) -> Result<Reading, sqlx::Error> {
        let reading = self.take().await?;
        reading.reader().and_then(|reader| reader.run("begin")).map_err(failed)?;
        Ok(reading)
    }

    /// A number that is the same as before only if nothing was written since, by whomever.
    ///
    /// What is read after it was asked for may be newer than the number says, but not older: whoever asks again then gets
    /// another.
    pub(super) async fn moment(&self) -> Result<u64, sqlx::Error> {
        let mut reading = self.take().await?;
        // Before the look: else what this connection did not see yet could count as seen.
        let moment = self.0.moment.load(Ordering::SeqCst);
        // What is in the way of looking is told to whoever reads.
        let moved = reading.reader.as_mut().is_none_or(|reader| reader.look().unwrap_or(true));
        Ok(if moved { self.0.moment.fetch_add(1, Ordering::SeqCst) + 1 } else { moment })
    }

    async fn take(&self) -> Result<Reading, sqlx::Error> {
        let place = tokio::time::timeout(WAIT, Arc::clone(&self.0.places).acquire_owned());
        let place = place.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let free = self.0.free().pop();
        let reader = match free {
            Some(reader) => reader,
            None => {
                let inner = Arc::clone(&self.0);
                let open = tokio::task::spawn_blocking(move || Reader::open(&inner.file));
                open.await.map_err(|_| sqlx::Error::WorkerCrashed)?.map_err(failed)?
            }
        };
        let readers = Arc::clone(&self.0);
        Ok(Reading { reader: Some(reader), readers, failed: Cell::new(false), _place: place })
    }

    /// Waits for what is being read, and closes every connection.
    pub(super) async fn close(&self) {
        let all = self.0.places.acquire_many(CONNECTIONS).await;
        self.0.places.close();
        self.0.free().clear();
        drop(all);
    }
}

impl Inner {
    fn free(&self) -> MutexGuard<'_, Vec<Reader>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read transaction; dropping it ends it.
pub(super) struct Reading {
    /// Always there, but when it is dropped.
    reader: Option<Reader>,
    readers: Arc<Inner>,
    /// A statement failed: nobody knows what the connection is good for, and the next reader opens another.
    failed: Cell<bool>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Reading {
    fn drop(&mut self) {
        let reader = self.reader.take().filter(|_| !self.failed.get() && !self.readers.places.is_closed());
        let ended = reader.filter(|reader| reader.is_idle() || reader.run("rollback").is_ok());
        self.readers.free().extend(ended);
    }
}

impl Reading {
    /// All rows of a query, if that takes no longer than a message to another thread may; else nothing.
    pub(super) fn fetch(&self, sql: &str, values: &[Value]) -> Result<Option<Vec<Row>>, sqlx::Error> {
        match self.rows(sql, values, SHORT) {
            Err(error) if must_wait(&error) => Ok(None),
            rows => rows.map(Some).map_err(|error| self.failed(error)),
        }
    }

    /// The same, however long it takes.
    pub(super) fn fetch_patiently(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, sqlx::Error> {
        let patiently = |timeout| self.reader().and_then(|reader| reader.connection.busy_timeout(timeout));
        patiently(BUSY_TIMEOUT).map_err(|error| self.failed(error))?;
        let rows = self.rows(sql, values, i64::MAX);
        patiently(Duration::ZERO).map_err(|error| self.failed(error))?;
        rows.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> sqlx::Error {
        self.failed.set(true);
        failed(error)
    }

    fn rows(&self, sql: &str, values: &[Value], strides: i64) -> rusqlite::Result<Vec<Row>> {
        let reader = self.reader()?;
        reader.strides.store(strides, Ordering::Relaxed);
        rows(&reader.connection, sql, values)
    }

    fn reader(&self) -> rusqlite::Result<&Reader> {
        self.reader.as_ref().ok_or(rusqlite::Error::InvalidQuery)
    }
}

/// It takes long, or somebody holds the lock.
fn must_wait(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, OperationInterrupted};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked | OperationInterrupted))
}

/// A connection.
struct Reader {
    connection: Connection,
    /// How many strides the statement may still take.
    strides: Arc<AtomicI64>,
    /// What SQLite counts of others' commits, when it was last looked at.
    seen: Option<i64>,
}

impl Reader {
    fn open(file: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.busy_timeout(Duration::ZERO)?;
        let strides = Arc::new(AtomicI64::new(0));
        let left = Arc::clone(&strides);
        connection.progress_handler(STRIDE, Some(move || left.fetch_sub(1, Ordering::Relaxed) <= 0))?;
        Ok(Self { connection, strides, seen: None })
    }

    fn is_idle(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Whether something was written since the last look.
    fn look(&mut self) -> rusqlite::Result<bool> {
        self.strides.store(SHORT, Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached("pragma data_version")?;
        let seen = statement.query_row([], |row| row.get(0)).map(Some)?;
        drop(statement);
        Ok(std::mem::replace(&mut self.seen, seen) != seen)
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.strides.store(SHORT, Ordering::Relaxed);
        self.connection.prepare_cached(sql)?.raw_execute().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::super::error::Class;
    use super::*;

    const COUNT: &str = "with recursive n (i) as (select 1 union all select i + 1 from n where i < $2) \
                         select $1, count(*) from n";

    fn database() -> (tempfile::TempDir, Connection, Readers) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let writer = Connection::open(&file).unwrap();
        writer
            .execute_batch("pragma journal_mode = wal; create table t (a integer, b text, c real, d blob)")
            .unwrap();
        let readers = Readers::of(&file);
        (folder, writer, readers)
    }

    #[tokio::test]
    async fn a_long_statement_is_broken_off_and_done_patiently() {
        let (_folder, _writer, readers) = database();
        let reading = readers.begin().await.unwrap();
        let short = reading.fetch(COUNT, &["x".into(), 10.into()]).unwrap().unwrap();
        assert_eq!((short[0].text(0).unwrap(), short[0].get::<i64>(1).unwrap()), ("x", 10));
        let values = ["x".into(), 200_000.into()];
        assert!(reading.fetch(COUNT, &values).unwrap().is_none());
        assert_eq!(reading.fetch_patiently(COUNT, &values).unwrap()[0].get::<i64>(1).unwrap(), 200_000);
        assert!(reading.fetch(COUNT, &["x".into(), 10.into()]).unwrap().is_some());
    }

    #[tokio::test]
    async fn what_was_stored_is_read() {
        let (_folder, writer, readers) = database();
        writer
            .execute_batch("insert into t values (7, 'é', 0.5, x'00ff'), (null, null, null, null)")
            .unwrap();
        let reading = readers.begin().await.unwrap();
        let rows = reading.fetch("select a, b, c, d from t order by a desc", &[]).unwrap().unwrap();
        assert_eq!((rows[0].get(0).unwrap(), rows[0].get(2).unwrap()), (7_i64, 0.5_f64));
        assert_eq!((rows[0].text(1).unwrap(), rows[0].get::<Vec<u8>>(3).unwrap()), ("é", vec![0, 255]));
        assert_eq!(rows[1].get::<Option<String>>(1).unwrap(), None);
        for error in [rows[1].get::<i64>(0).err(), rows[0].get::<i64>(1).err(), rows[0].get::<i64>(4).err()] {
            assert_eq!(error.map(|error| Class::of(&error)), Some(Class::Data));
        }
    }

    #[tokio::test]
    async fn a_transaction_is_of_one_moment_and_an_error_costs_its_connection_only() {
        let (_folder, writer, readers) = database();
        let count = |reading: &Reading| {
            reading.fetch("select count(*) from t", &[]).unwrap().unwrap()[0].get::<i64>(0).unwrap()
        };
        let reading = readers.begin().await.unwrap();
        assert_eq!(count(&reading), 0);
        writer.execute_batch("insert into t (a) values (1)").unwrap();
        assert_eq!(count(&reading), 0);
        let error = reading.fetch("select nothing from t", &[]).err().unwrap();
        assert_eq!(Class::of(&error), Class::Data);
        assert!(error.to_string().contains("nothing"), "{error}");
        drop(reading);
        assert_eq!(count(&readers.begin().await.unwrap()), 1);
        readers.close().await;
        assert!(matches!(readers.begin().await, Err(sqlx::Error::PoolClosed)));
    }

    #[tokio::test]
    async fn the_moment_moves_when_something_is_written() {
        let (_folder, writer, readers) = database();
        let first = readers.moment().await.unwrap();
        assert_eq!(readers.moment().await.unwrap(), first);
        // Another connection has not looked yet: it may tell another moment, but not one that was told before.
        let held = readers.begin().await.unwrap();
        let second = readers.moment().await.unwrap();
        assert!(second > first);
        drop(held);
        writer.execute_batch("insert into t (a) values (1)").unwrap();
        let third = readers.moment().await.unwrap();
        assert!(third > second);
        assert_eq!(readers.moment().await.unwrap(), third);
    }
}
