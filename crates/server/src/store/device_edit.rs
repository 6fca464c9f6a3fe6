//! What people change about devices. A refusal is an answer, and nothing was written then.

use super::writer::{CreateDevice, DeleteDevice, ImportDevices, MergeDevices, UpdateDevices, Which};
use super::{Store, StoreError};
use crate::domain::change::Author;
use crate::domain::device_edit::{Belongings, Edit, IfMatch, ImportRow, Imported, NewDevice, Refusal};

impl Store {
    /// Makes a device; its id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_device(
        &self,
        new: NewDevice,
        author: Author,
    ) -> Result<Result<i64, Refusal>, StoreError> {
        self.inner.writer.write(CreateDevice { new, author }).await
    }

    /// Changes what is typed of one device, if it has a version for which that is wanted; its version then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn update_device(
        &self,
        (id, expected): (i64, Option<IfMatch>),
        edit: Edit,
        author: Author,
    ) -> Result<Result<i64, Refusal>, StoreError> {
        let which = Which::One(id, expected);
        let changed = self.inner.writer.write(UpdateDevices { which, edit, author }).await?;
        Ok(changed.and_then(|all| all.first().map(|(_, version)| *version).ok_or(Refusal::NoSuchDevice)))
    }

    /// Changes what is typed of many devices; each with its version then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn update_devices(
        &self,
        ids: Vec<i64>,
        edit: Edit,
        author: Author,
    ) -> Result<Result<Vec<(i64, i64)>, Refusal>, StoreError> {
        self.inner.writer.write(UpdateDevices { which: Which::Many(ids), edit, author }).await
    }

    /// Deletes a device, if `confirm` is its name; what went with it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_device(
        &self,
        (id, expected): (i64, Option<IfMatch>),
        confirm: Option<String>,
        author: Author,
    ) -> Result<Result<Belongings, Refusal>, StoreError> {
        self.inner.writer.write(DeleteDevice { id, confirm, expected, author }).await
    }

    /// Merges a device into another, which may have to be of a certain version.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn merge_devices(
        &self,
        from: i64,
        (into, expected): (i64, Option<IfMatch>),
        author: Author,
    ) -> Result<Result<(), Refusal>, StoreError> {
        self.inner.writer.write(MergeDevices { from, into, expected, author }).await
    }

    /// Takes the rows of a spreadsheet, all or none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn import_devices(
        &self,
        rows: Vec<ImportRow>,
        dry_run: bool,
        author: Author,
    ) -> Result<Result<Imported, Refusal>, StoreError> {
        self.inner.writer.write(ImportDevices { rows, dry_run, author }).await
    }
}
