//! People say something else of a benchmark; excluding one changes what its device stands for.

use report::FieldError;

use super::super::connection::Connection;
use super::super::value::Columns;
use super::retell::{lock_owner, recount};
use super::{Change, Ledger};
use crate::domain::change::{Author, Entry};
use crate::domain::remarks::{Remarks, RemarksPatch};

/// Changes what people say of a benchmark.
pub(in crate::store) struct UpdateBenchmark {
    pub(in crate::store) id: i64,
    pub(in crate::store) patch: RemarksPatch,
    pub(in crate::store) author: Author,
}

impl Change for UpdateBenchmark {
    /// `None` if there is no such benchmark; else done, or what does not fit.
    type Done = Option<Result<(), Vec<FieldError>>>;

    async fn write(
        &self,
        connection: &mut Connection,
        ledger: &mut Ledger,
    ) -> Result<Self::Done, sqlx::Error> {
        let Some((mut devices, device)) = lock_owner(connection, self.id).await? else { return Ok(None) };
        let Some(before) = remarks(connection, self.id).await? else { return Ok(None) };
        let after = match self.patch.apply(&before) {
            Ok(after) => after,
            Err(errors) => return Ok(Some(Err(errors))),
        };
        let changes = after.changes_from(&before);
        if changes.is_empty() {
            return Ok(Some(Ok(())));
        }
        self.save(connection, &after).await?;
        let device = devices.get_mut(device);
        let entry = Entry::new("benchmark.update", self.id, device.name()).with(changes);
        if before.excluded.is_some() != after.excluded.is_some() {
            device.forget_results();
            recount(connection, device).await?;
            device.updated_at = self.author.at.as_ms();
            devices.save(connection).await?;
        }
        ledger.note(&self.author, entry);
        Ok(Some(Ok(())))
    }
}

impl UpdateBenchmark {
    async fn save(&self, connection: &mut Connection, remarks: &Remarks) -> Result<(), sqlx::Error> {
        let Remarks { label, note, excluded } = remarks.clone();
        let sql =
            "update benchmarks set label = $2, note = $3, excluded = $4, excluded_reason = $5 where id = $1";
        let is_excluded = i64::from(excluded.is_some());
        let values = vec![self.id.into(), label.into(), note.into(), is_excluded.into(), excluded.into()];
        connection.execute(sql, values).await.map(drop)
    }
}

async fn remarks(connection: &mut Connection, id: i64) -> Result<Option<Remarks>, sqlx::Error> {
    let sql = "select label, note, excluded_reason from benchmarks where id = $1";
    let rows = connection.fetch(sql, vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut columns = Columns::of(row);
    Ok(Some(Remarks { label: columns.next()?, note: columns.next()?, excluded: columns.next()? }))
}
