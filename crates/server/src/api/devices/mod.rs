//! Devices, and what each of them has.

mod benchmarks;
mod condition;
mod create;
mod delete;
mod get;
mod groups;
mod import;
mod list;
mod merge;
mod patch;
mod patch_many;
mod refusal;
mod replace;
mod series;
mod snapshots;

pub use benchmarks::{__path_benchmarks, benchmarks};
pub use create::{__path_create, create};
pub use delete::{__path_delete, delete};
pub use get::{__path_get, get};
pub use groups::{__path_groups, groups};
pub use import::{__path_import, import};
pub use list::{__path_list, list};
pub use merge::{__path_merge, merge};
pub use patch::{__path_patch, patch};
pub use patch_many::{__path_patch_many, patch_many};
pub use replace::{__path_replace, replace};
pub use series::{__path_series, series};
pub use snapshots::{__path_snapshots, snapshots};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use self::condition::Condition;
use crate::app::AppState;
use crate::domain::device::Device;
use crate::error::AppError;

pub(super) fn no_such_device() -> AppError {
    AppError::not_found("There is no device with this id.")
}

/// A device with its tag: `"v3.8f0c…"`, of which the version is what `If-Match` looks at. The rest is of all that is said of it:
/// reports change that too, and not the version.
#[derive(Debug)]
pub struct Tagged(Device);

impl Tagged {
    /// The device as it is now.
    async fn now(state: &AppState, id: i64) -> Result<Self, AppError> {
        state.store.device(id).await?.map(Self).ok_or_else(no_such_device)
    }
}

impl IntoResponse for Tagged {
    fn into_response(self) -> Response {
        let body = match serde_json::to_vec(&self.0) {
            Ok(body) => body,
            Err(error) => return AppError::internal(error).into_response(),
        };
        let tag = HeaderValue::try_from(tag(self.0.version, &body));
        let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Ok(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

fn tag(version: i64, body: &[u8]) -> String {
    const BYTES: usize = 8;
    format!("\"v{version}.{}\"", hex::encode(&Sha256::digest(body)[..BYTES]))
}
