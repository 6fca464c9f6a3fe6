//! ALL the SQL: one text for SQLite and PostgreSQL, one task that writes, a pool that reads.

mod benchmarks;
mod bulk;
mod changes;
mod checkpoint;
mod connection;
mod device_edit;
mod device_groups;
mod device_page;
mod device_query;
mod devices;
mod documents;
mod error;
mod gauges;
mod links;
mod meter;
mod metrics;
mod objects;
mod paging;
mod patience;
mod ranking;
mod reader;
mod schema;
mod seed;
mod settings;
mod settled;
mod snapshots;
mod sqlite;
mod stats;
mod stored;
mod submission;
mod tokens;
mod url;
mod value;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::paging::{Paging, Start};

pub use connection::Engine;
pub use documents::{AddedDocument, StoredDocument};
pub use error::StoreError;
pub use meter::Meter;
pub use objects::RemovedObject;
pub use patience::PATIENCE;
pub use submission::{SubmitError, Submitted};
pub use tokens::{Revoked, TokenKey};
pub use url::{DatabaseUrl, DatabaseUrlError};

use checkpoint::Checkpointer;
use connection::{Options, Pool, Read};
use paging::Long;
use patience::Patience;
use settled::Table;
use writer::Writer;

/// The database. Clones share one writer and one pool.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    patience: Patience,
    meter: Arc<Meter>,
    pool: Pool,
    writer: Writer,
    checkpointer: Checkpointer,
    long: Long,
    stopping: CancellationToken,
}

impl Store {
    /// Opens the database, creates the file if there is none (its folder must exist), and brings the schema up to date.
    /// PostgreSQL gets `patience` for what it is asked from then on, [`PATIENCE`] where there is no reason for another.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it cannot be reached, [`StoreError::Migrate`] if its schema is not one of ours.
    pub async fn open(url: &DatabaseUrl, patience: Duration) -> Result<Self, StoreError> {
        Self::open_with(url, patience, Meter::default()).await
    }

    /// The same, and counts what it does.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(url: &DatabaseUrl, patience: Duration, meter: Meter) -> Result<Self, StoreError> {
        let patience = Patience::new(patience);
        let options = Options::from_url(url, patience)?;
        Options::make_file(url);
        let mut connection = options.connect_for_migration().await?;
        schema::migrate(&mut connection).await?;
        options.limit(&mut connection).await?;
        let pool = options.read_pool();
        let engine = options.engine();
        let committed = Arc::new(Notify::new());
        let checkpointer = Checkpointer::start(&options, Arc::clone(&committed));
        let stopping = CancellationToken::new();
        let meter = Arc::new(meter);
        let told = writer::Told { committed, stopping: stopping.clone(), meter: Arc::clone(&meter) };
        let writer = Writer::start(options, connection, told);
        let long = Long::default();
        let store = Self {
            inner: Arc::new(Inner { engine, patience, meter, pool, writer, checkpointer, long, stopping }),
        };
        if let Err(error) = store.refresh().await {
            store.close().await;
            return Err(error);
        }
        Ok(store)
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().await?.fetch("select 1", Vec::new()).await?;
        Ok(())
    }

    /// A number that is the same as before only if nothing was written since, by whomever; `None` where that is not known,
    /// which is with PostgreSQL.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn moment(&self) -> Result<Option<u64>, StoreError> {
        Ok(self.inner.pool.moment().await?)
    }

    /// The server stops: what waits is still written, but a database that cannot be written now is not waited for.
    pub fn hurry(&self) {
        self.inner.stopping.cancel();
    }

    /// Commits what was submitted, refuses what comes after, and closes every connection. A database server that hangs
    /// keeps nobody from stopping.
    pub async fn close(&self) {
        self.hurry();
        match self.engine() {
            Engine::Sqlite => self.close_all().await,
            Engine::Postgres => {
                if tokio::time::timeout(self.inner.patience.half(), self.close_all()).await.is_err() {
                    tracing::warn!("the database did not answer, and its connections are cut");
                }
            }
        }
    }

    async fn close_all(&self) {
        // SQLite's last connection puts the log into the file and removes it, which one that only reads cannot.
        self.inner.pool.close().await;
        self.inner.writer.close().await;
        self.inner.checkpointer.close().await;
    }

    /// A read transaction for a list of a table's rows: where it is walked from cursor to cursor, only settled rows count.
    async fn read_list(&self, table: Table, paging: &Paging) -> Result<Read, StoreError> {
        let settled = match paging.start {
            Start::First | Start::Behind(_) => self.inner.pool.settled(table).await?,
            Start::After(_) => None,
        };
        let mut read = self.read().await?;
        read.settled = settled;
        read.long = self.inner.long.clone();
        Ok(read)
    }

    /// A read transaction: everything that a page shows is of one moment.
    async fn read(&self) -> Result<Read, StoreError> {
        let meter = &self.inner.meter;
        let read = self.inner.pool.begin().await.inspect_err(|error| meter.failed(error))?;
        Ok(read.counted(Arc::clone(meter)))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.inner.engine).finish_non_exhaustive()
    }
}
