//! How long the database may take: one bound, from which every other follows.

use std::time::Duration;

use tokio::time::Instant;

/// PostgreSQL answers within this time, or is taken for lost: a server that hangs says nothing at all. A healthy one
/// takes milliseconds; this outlasts a slow disk and a restart, and ends while an agent still waits for its answer (30 s).
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What a store was given of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience(Duration);

impl Patience {
    pub(crate) fn new(whole: Duration) -> Self {
        Self(whole)
    }

    /// For a transaction from its beginning to its end, and for every statement in it.
    pub(crate) fn whole(self) -> Duration {
        self.0
    }

    /// For a lock, a connection or an end in order: whoever waited for that has time left for the rest.
    pub(crate) fn half(self) -> Duration {
        self.0 / 2
    }

    /// The end of what begins now.
    pub(crate) fn deadline(self) -> Deadline {
        Deadline(Some(Instant::now() + self.0))
    }
}

/// When something is given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Never: SQLite ends its waits by itself.
    pub(crate) const NONE: Self = Self(None);

    /// Waits no longer for the database than makes sense. What is given up leaves its connection behind.
    pub(crate) async fn keep<T>(
        self,
        work: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        let Some(end) = self.0 else { return work.await };
        match tokio::time::timeout_at(end, work).await {
            Ok(done) => done,
            Err(elapsed) => Err(sqlx::Error::Io(elapsed.into())),
        }
    }
}
