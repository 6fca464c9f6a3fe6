//! Reports that were made up for an empty database: the same way, many more to a transaction.

use super::super::connection::Connection;
use super::{Change, Ledger, batch};
use crate::domain::submission::Submission;

/// Stores reports that nobody has seen before.
pub(in crate::store) struct SeedReports(pub(in crate::store) Vec<Submission>);

impl Change for SeedReports {
    type Done = ();

    async fn write(&self, connection: &mut Connection, _: &mut Ledger) -> Result<(), sqlx::Error> {
        batch::store(connection, &self.0.iter().collect::<Vec<_>>()).await.map(drop)
    }
}
