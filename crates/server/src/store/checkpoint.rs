//! SQLite's checkpoints: what the write-ahead log holds goes into the database file, off the way of commits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, Options};
use super::sqlite::in_a_thread;
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
            Options::Sqlite(_) => {
                let run = run(options.for_checkpoints(), committed, stop.clone());
                Some(in_a_thread(run))
            }
            Options::Postgres(..) => None,
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

/// Its thread ends with the store, even with one that nobody closed: else the program would wait for it.
impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn run(options: Options, committed: Arc<Notify>, stop: CancellationToken) {
    let mut connection = None;
    let mut readers = Readers::default();
    let work = async {
        loop {
            committed.notified().await;
            tokio::time::sleep(PAUSE).await;
            match checkpoint(connection.take(), &options, &mut readers).await {
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

/// Readers that keep the log from being begun anew: they are asked less and less often.
#[derive(Default)]
struct Readers {
    /// Passes to let go by before the next try.
    wait: u32,
    /// Passes that were let go by after the last failure.
    waited: u32,
}

impl Readers {
    /// Passes between two tries at most; each takes a second or longer.
    const MOST: u32 = 30;

    /// True when it is time for another try.
    fn may_ask(&mut self) -> bool {
        let now = self.wait == 0;
        self.wait = self.wait.saturating_sub(1);
        now
    }

    fn answered(&mut self, busy: bool) {
        self.waited = if busy { (self.waited * 2).clamp(1, Self::MOST) } else { 0 };
        self.wait = self.waited;
    }
}

async fn checkpoint(
    open: Option<Connection>,
    options: &Options,
    readers: &mut Readers,
) -> Result<Connection, sqlx::Error> {
    let mut connection = match open {
        Some(connection) => connection,
        None => options.connect().await?,
    };
    let column = |rows: &[Row], index| rows.first().map_or(Ok(0), |row| row.get::<i64>(index));
    let rows = connection.fetch("pragma wal_checkpoint(passive)", Vec::new()).await?;
    if column(&rows, 1)? > MOST_PAGES && readers.may_ask() {
        let rows = connection.fetch("pragma wal_checkpoint(restart)", Vec::new()).await?;
        readers.answered(column(&rows, 0)? != 0);
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::Readers;

    #[test]
    fn readers_that_stay_are_asked_less_and_less_often() {
        let mut readers = Readers::default();
        let mut asked = Vec::new();
        for pass in 0..100 {
            if readers.may_ask() {
                asked.push(pass);
                readers.answered(true);
            }
        }
        assert_eq!(asked, [0, 2, 5, 10, 19, 36, 67, 98]);
        readers.wait = 0;
        assert!(readers.may_ask());
        readers.answered(false);
        assert!(readers.may_ask());
    }
}
