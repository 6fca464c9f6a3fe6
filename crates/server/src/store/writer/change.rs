//! A change that is not a report: written in a transaction of its own, together with who made it.

use std::pin::Pin;

use tokio::sync::oneshot;

use super::super::bulk::Bulk;
use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::stored;
use super::Work;
use crate::domain::change::{Author, Entry};

/// What a person or a program wants changed.
pub(in crate::store) trait Change: Send + Sync + 'static {
    /// What it comes to; a refusal too, if nothing was written before it.
    type Done: Send + 'static;

    /// Writes it; the transaction has begun, and is committed afterwards. May be called again, if that was in vain.
    fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> impl Future<Output = Result<Self::Done, sqlx::Error>> + Send;
}

/// What changes write of themselves: rows in the same transaction, and lines in the log once it is committed.
#[derive(Default)]
pub(in crate::store) struct Ledger(Vec<(Author, Entry)>);

impl Ledger {
    /// Keeps what was done.
    pub(in crate::store) fn note(&mut self, author: &Author, entry: Entry) {
        self.0.push((author.clone(), entry));
    }

    async fn write(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        const INSERT: Bulk = Bulk::rows(
            "insert into changes (at, who, action, subject_id, subject_name, detail_json) values",
            6,
            "",
        );
        let mut values = Vec::with_capacity(self.0.len() * 6);
        for (author, entry) in &self.0 {
            values.extend([
                author.at.as_ms().into(),
                author.name.as_str().into(),
                entry.action.into(),
                entry.subject_id.into(),
                entry.subject_name.as_str().into(),
                stored::json(&entry.detail)?.into(),
            ]);
        }
        connection.execute_bulk(&INSERT, values).await
    }

    fn log(&self) {
        for (Author { name: who, at: _ }, entry) in &self.0 {
            let Entry { action, subject_id: id, subject_name: name, detail } = entry;
            tracing::info!(who, action, id, name, %detail, "changed");
        }
    }
}

/// A change on its way through the writer, whatever it comes to.
pub(super) trait Asked: Send {
    /// Writes it, and keeps what it came to.
    fn write<'a>(&'a mut self, connection: &'a mut Connection) -> Writing<'a>;

    /// Tells whoever asked, after the commit.
    fn answer(self: Box<Self>, written: Result<(), StoreError>);
}

type Writing<'a> = Pin<Box<dyn Future<Output = Result<(), sqlx::Error>> + Send + 'a>>;

impl Work for Box<dyn Asked + '_> {
    type Done = ();

    async fn write(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        (**self).write(connection).await
    }
}

/// Where the answer to a change is waited for.
type Answered<D> = oneshot::Receiver<Result<D, StoreError>>;

/// What is asked of the writer, and where its answer is waited for.
pub(super) fn ask<C: Change>(change: C) -> (Box<dyn Asked>, Answered<C::Done>) {
    let (answer, answered) = oneshot::channel();
    (Box::new(Question { change, done: None, answer }), answered)
}

struct Question<C: Change> {
    change: C,
    done: Option<(C::Done, Ledger)>,
    answer: oneshot::Sender<Result<C::Done, StoreError>>,
}

impl<C: Change> Asked for Question<C> {
    fn write<'a>(&'a mut self, connection: &'a mut Connection) -> Writing<'a> {
        Box::pin(async move {
            let mut ledger = Ledger::default();
            let done = self.change.write(connection, &mut ledger).await?;
            ledger.write(connection).await?;
            self.done = Some((done, ledger));
            Ok(())
        })
    }

    fn answer(self: Box<Self>, written: Result<(), StoreError>) {
        let Self { change: _, done, answer } = *self;
        let done = match (written, done) {
            (Ok(()), Some((done, ledger))) => {
                ledger.log();
                Ok(done)
            }
            (Ok(()), None) => Err(StoreError::Unavailable(None)),
            (Err(error), _) => Err(error),
        };
        // Whoever asked may have gone away; the change stands.
        drop(answer.send(done));
    }
}
