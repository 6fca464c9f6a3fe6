//! The one task that writes: it takes what is waiting, writes it in one transaction, and answers after the commit.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, Engine, Options};
use super::error::{Class, StoreError};
use super::meter::Meter;
use super::settled;
use super::sqlite::in_a_thread;
use super::submission::{SubmitError, Submitted};
use crate::domain::submission::Submission;

mod batch;
mod change;
mod delete;
mod device;
mod devices;
mod earlier;
mod identity;
mod insert;
mod refresh;
mod retell;
mod seed;
mod shown;
mod snapshot;
mod typed;
mod update;

pub(super) use change::{Change, Ledger};
pub(super) use delete::DeleteBenchmark;
pub(super) use seed::SeedReports;
pub(super) use typed::{CreateDevice, DeleteDevice, ImportDevices, MergeDevices, UpdateDevices, Which};
pub(super) use update::UpdateBenchmark;

use change::Asked;

/// What is written in one transaction; done again from the start when that was in vain.
trait Work: Send {
    /// What it comes to.
    type Done: Send;

    /// Writes it; the transaction has begun, and is committed afterwards.
    fn write(
        &mut self,
        connection: &mut Connection,
    ) -> impl Future<Output = Result<Self::Done, sqlx::Error>> + Send;
}

/// Something to write, and whom to tell.
enum Job {
    Change(Box<dyn Asked>),
    Submit(Box<Submission>, Answer),
}

/// Whom to tell what came of a report.
type Answer = oneshot::Sender<Result<Submitted, SubmitError>>;

/// Reports of one transaction at most: half of what sixty-four busy clients send, so that the others are read and
/// judged while these are written.
const BATCH: usize = 32;

/// Two servers that want the same thing at once: so often a transaction is tried anew.
const RACES: usize = 5;

/// When the server stops, a transaction gets this long to begin.
const LAST_PATIENCE: Duration = Duration::from_millis(500);

/// More waiting jobs than this make senders wait.
const QUEUE: usize = 1024;

/// The sending end.
pub(super) struct Writer {
    jobs: std::sync::Mutex<Option<mpsc::Sender<Job>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the task.
    pub(super) fn start(options: Options, connection: Connection, told: Told) -> Self {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let engine = options.engine();
        let task = Task { options, connection: Some(connection), told, given_up: false }.run(waiting);
        let task = match engine {
            Engine::Sqlite => in_a_thread(task),
            Engine::Postgres => tokio::spawn(task),
        };
        Self { jobs: std::sync::Mutex::new(Some(jobs)), task: Mutex::new(Some(task)) }
    }

    /// Writes a change; returns after the commit what it came to.
    pub(super) async fn write<C: Change>(&self, change: C) -> Result<C::Done, StoreError> {
        let (asked, answered) = change::ask(change);
        self.send(Job::Change(asked)).await?;
        answered.await.unwrap_or(Err(StoreError::Unavailable(None)))
    }

    /// Stores a report; returns after the commit.
    pub(super) async fn submit(&self, submission: Submission) -> Result<Submitted, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Submit(Box::new(submission), answer)).await?;
        answered.await.unwrap_or(Err(StoreError::Unavailable(None).into()))
    }

    async fn send(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let jobs = jobs.ok_or(StoreError::Unavailable(None))?;
        jobs.send(job).await.map_err(|_| StoreError::Unavailable(None))
    }

    /// Takes no more jobs, and waits until those that wait are written.
    pub(super) async fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer ended abnormally");
        }
    }
}

/// Whom the writer tells, and who tells it.
pub(super) struct Told {
    /// Is told of every commit.
    pub(super) committed: Arc<Notify>,
    /// Tells that the server stops.
    pub(super) stopping: CancellationToken,
    /// Counts what is written, and what fails.
    pub(super) meter: Arc<Meter>,
}

/// The receiving end.
struct Task {
    options: Options,
    /// None after an error: the next job connects anew.
    connection: Option<Connection>,
    told: Told,
    /// The server stops and the database could not be written: what still waits is refused.
    given_up: bool,
}

impl Task {
    async fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(BATCH);
        while waiting.recv_many(&mut jobs, BATCH).await > 0 {
            let mut reports = Vec::with_capacity(jobs.len());
            for job in jobs.drain(..) {
                match job {
                    Job::Change(change) if self.given_up => change.answer(Err(StoreError::Unavailable(None))),
                    Job::Change(mut change) => {
                        let written = self.transaction(&mut change).await;
                        let away = |error| Class::of(error) == Class::Unavailable;
                        self.given_up =
                            self.told.stopping.is_cancelled() && written.as_ref().is_err_and(away);
                        change.answer(written.map_err(StoreError::from));
                    }
                    Job::Submit(submission, answer) => reports.push((submission, answer)),
                }
            }
            self.reports(reports).await;
        }
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database connection did not close cleanly");
        }
    }

    /// Does this in a transaction of its own, which is tried anew while another server is in its way.
    async fn transaction<W: Work>(&mut self, work: &mut W) -> Result<W::Done, sqlx::Error> {
        for _ in 1..RACES {
            match self.options.deadline().keep(self.once(work)).await {
                Err(error) if Class::of(&error) == Class::Race => {
                    self.told.meter.failed(&error);
                    tracing::debug!(%error, "another server was faster");
                }
                done => return done.inspect_err(|error| self.told.meter.failed(error)),
            }
        }
        let last = self.options.deadline().keep(self.once(work)).await;
        last.inspect_err(|error| self.told.meter.failed(error))
    }

    async fn once<W: Work>(&mut self, work: &mut W) -> Result<W::Done, sqlx::Error> {
        let mut connection = self.begin().await?;
        settled::announce(&mut connection).await?;
        match work.write(&mut connection).await {
            Ok(done) => {
                self.commit(connection).await?;
                Ok(done)
            }
            Err(error) => {
                if connection.rollback().await.is_ok() {
                    self.connection = Some(connection);
                }
                Err(error)
            }
        }
    }

    /// Commits. After a failed commit nobody knows what is in the connection: it is dropped.
    async fn commit(&mut self, mut connection: Connection) -> Result<(), sqlx::Error> {
        connection.commit().await?;
        self.connection = Some(connection);
        self.told.committed.notify_one();
        Ok(())
    }

    /// The connection with a transaction begun. Whoever takes it puts it back when all went well. One that was lost
    /// while nobody wrote (the database was restarted) is made anew. When the server stops, locks are not waited for.
    async fn begin(&mut self) -> Result<Connection, sqlx::Error> {
        let stopping = self.told.stopping.clone();
        let patience = async {
            stopping.cancelled().await;
            tokio::time::sleep(LAST_PATIENCE).await;
        };
        tokio::select! {
            biased;
            begun = self.begin_when_free() => begun,
            () = patience => Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
        }
    }

    async fn begin_when_free(&mut self) -> Result<Connection, sqlx::Error> {
        if let Some(mut connection) = self.connection.take() {
            match connection.begin().await {
                Ok(()) => return Ok(connection),
                // Another process holds the lock, and was waited for.
                Err(error @ sqlx::Error::Database(_)) if connection.engine() == Engine::Sqlite => {
                    self.connection = Some(connection);
                    return Err(error);
                }
                Err(error) => tracing::debug!(%error, "the connection was lost"),
            }
        }
        let mut connection = self.options.connect().await?;
        connection.begin().await?;
        Ok(connection)
    }
}
