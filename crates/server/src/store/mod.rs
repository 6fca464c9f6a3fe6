//! ALL the SQL: one text for SQLite and PostgreSQL, one task that writes, a pool that reads.

mod benchmarks;
mod bulk;
mod checkpoint;
mod connection;
mod device_page;
mod devices;
mod error;
mod paging;
mod ranking;
mod schema;
mod settings;
mod snapshots;
mod stats;
mod stored;
mod submission;
mod url;
mod value;
mod writer;

use std::sync::Arc;

use tokio::sync::Notify;

pub use connection::Engine;
pub use error::StoreError;
pub use submission::{SubmitError, Submitted};
pub use url::{DatabaseUrl, DatabaseUrlError};

use checkpoint::Checkpointer;
use connection::{Options, Pool, Read};
use writer::Writer;

/// The database. Clones share one writer and one pool.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    pool: Pool,
    writer: Writer,
    checkpointer: Checkpointer,
}

impl Store {
    /// Opens the database, creates the file if there is none (its folder must exist), and brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it cannot be reached, [`StoreError::Migrate`] if its schema is not one of ours.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let options = Options::from_url(url)?;
        let mut connection = options.connect().await?;
        schema::migrate(&mut connection).await?;
        let pool = options.read_pool();
        let engine = options.engine();
        let committed = Arc::new(Notify::new());
        let checkpointer = Checkpointer::start(&options, Arc::clone(&committed));
        let writer = Writer::start(options, connection, committed);
        Ok(Self { inner: Arc::new(Inner { engine, pool, writer, checkpointer }) })
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

    /// Commits what was submitted, refuses what comes after, and closes every connection.
    pub async fn close(&self) {
        self.inner.writer.close().await;
        self.inner.checkpointer.close().await;
        self.inner.pool.close().await;
    }

    /// A read transaction: everything that a page shows is of one moment.
    async fn read(&self) -> Result<Read, StoreError> {
        Ok(self.inner.pool.begin().await?)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.inner.engine).finish_non_exhaustive()
    }
}
