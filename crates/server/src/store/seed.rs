//! Filling an empty database.

use super::writer::SeedReports;
use super::{Store, StoreError};
use crate::domain::submission::Submission;

impl Store {
    /// True if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_devices(&self) -> Result<bool, StoreError> {
        let sql = "select 1 from devices limit 1";
        Ok(self.read().await?.fetch_first(sql, Vec::new()).await?.is_some())
    }

    /// Stores reports that were never sent, in one transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn seed(&self, reports: Vec<Submission>) -> Result<(), StoreError> {
        self.inner.writer.write(SeedReports(reports)).await
    }
}
