//! SQLite's checkpoints: what the write-ahead log holds goes into the database file, off the way of commits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, Options};
use super::value::Row;

/// After a commit so much time passes, in which others join it.
const PAUSE: Duration = Duration::from_secs(1);
/// Pages in the log from which on it is begun anew (64 MiB). A checkpoint that bothers nobody never gets to the end of a
/// log that grows meanwhile; this one holds the writer up for as long as the last pages take.
const MOST_PAGES: i64 = 16_384;

/// The task, on SQLite; nothing on PostgreSQL, which does this by itself.
pub(super) struct Checkpointer {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpointer {
    /// Starts the task; the writer tells it of commits.
    pub(super) fn start(options: &Options, committed: Arc<Notify>) -> Self {
        let stop = CancellationToken::new();
        let task = match options {
            Options::Sqlite(_) => Some(tokio::spawn(run(options.clone(), committed, stop.clone()))),
            Options::Postgres(_) => None,
        };
        Self { stop, task: Mutex::new(task) }
    }

    /// Ends the task; the last connection that closes empties the log.
    pub(super) async fn close(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the checkpointer ended abnormally");
        }
    }
}

async fn run(options: Options, committed: Arc<Notify>, stop: CancellationToken) {
    let mut connection = None;
    let work = async {
        loop {
            committed.notified().await;
            tokio::time::sleep(PAUSE).await;
            match checkpoint(connection.take(), &options).await {
                Ok(open) => connection = Some(open),
                Err(error) => tracing::warn!(%error, "the write-ahead log could not be checkpointed"),
            }
        }
    };
    stop.run_until_cancelled(work).await;
    if let Some(connection) = connection
        && let Err(error) = connection.close().await
    {
        tracing::warn!(%error, "the checkpointer's connection did not close cleanly");
    }
}

async fn checkpoint(open: Option<Connection>, options: &Options) -> Result<Connection, sqlx::Error> {
    let mut connection = match open {
        Some(connection) => connection,
        None => options.connect().await?,
    };
    let pages = |rows: Vec<Row>| rows.first().map_or(Ok(0), |row| row.get::<i64>(1));
    let waiting = pages(connection.fetch("pragma wal_checkpoint(passive)", Vec::new()).await?)?;
    if waiting > MOST_PAGES {
        connection.fetch("pragma wal_checkpoint(restart)", Vec::new()).await?;
    }
    Ok(connection)
}
