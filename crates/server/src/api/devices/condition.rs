//! `If-Match`: which version a device must have for a change to be made.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::domain::device_edit::IfMatch;

/// The condition of a request, if it has one.
#[derive(Clone, Debug)]
pub struct Condition(pub Option<IfMatch>);

impl<S: Sync> FromRequestParts<S> for Condition {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all(header::IF_MATCH).iter();
        // What is no text is no tag of ours either.
        let values: Vec<&str> = values.map(|value| value.to_str().unwrap_or_default()).collect();
        Ok(Self((!values.is_empty()).then(|| IfMatch::parse(&values.join(",")))))
    }
}
