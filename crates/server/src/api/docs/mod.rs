//! Documents: files that people keep with a device, or with all devices of a hardware model.

mod delete;
mod download;
mod extended_name;
mod form;
mod get;
mod list;
mod paced;
mod patch;
mod range;
mod thumbnail;
mod upload;

pub use delete::{__path_delete, delete};
pub use download::{__path_download, download};
pub use get::{__path_get, get};
pub use list::{__path_list, list};
pub use patch::{__path_patch, patch};
pub use thumbnail::{__path_thumbnail, thumbnail};
pub use upload::{__path_upload, upload};

use crate::app::AppState;
use crate::auth::Sight;
use crate::error::AppError;
use crate::store::StoredDocument;

fn no_such_document() -> AppError {
    AppError::not_found("There is no document with this id.")
}

/// The document, as far as the reader may know of it.
async fn seen(state: &AppState, sight: Sight, id: i64) -> Result<StoredDocument, AppError> {
    let found = state.store.document(id).await?;
    let shown = |found: &StoredDocument| sight == Sight::Everything || !found.document.kind.is_private();
    found.filter(shown).ok_or_else(no_such_document)
}
