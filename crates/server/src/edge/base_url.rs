//! What this server is called in links: `PUBLIC_URL`, else as the client addressed it.

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::AppError;

/// `http(s)://host[:port]`, checked, without a slash at the end. Free of anything that a shell or a page
/// would read as more than text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Arc<str>);

impl BaseUrl {
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The absolute address of `path`, which begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for BaseUrl {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| AppError::internal("the route stands outside of the host check"))
    }
}
