//! Writes the body of a refusal, as RFC 9457 has it.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, Uri, header};
use report::FieldError;
use serde::Serialize;
use utoipa::{ToResponse, ToSchema};

use super::RequestId;
use crate::error::AppError;
use crate::web::{Visitor, error_page};

/// A refusal, as every address answers it.
#[derive(ToResponse)]
#[response(description = "Refused, or failed", content_type = "application/problem+json")]
pub struct Refusal(#[expect(dead_code, reason = "only its description is used")] Problem<'static>);

/// Why a request was refused or failed (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct Problem<'a> {
    /// Always `about:blank`: `code` tells problems apart.
    r#type: &'static str,
    /// The status in words.
    title: &'a str,
    /// The status.
    status: u16,
    /// What went wrong, for people.
    detail: &'a str,
    /// Path of the request.
    instance: &'a str,
    /// What went wrong, for programs.
    code: &'a str,
    /// Stands in the server's log too.
    request_id: &'a str,
    /// The fields that do not fit.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<FieldError>)]
    errors: &'a [FieldError],
}

/// No route has this path.
///
/// # Errors
/// Always: 404.
pub async fn not_found() -> AppError {
    AppError::not_found("There is nothing at this address.")
}

/// The path is there, but not for this method.
///
/// # Errors
/// Always: 405. axum adds `Allow`.
pub async fn method_not_allowed(method: Method) -> AppError {
    use axum::http::StatusCode;
    let detail = format!("This address does not take {method}; the header Allow says what it takes.");
    AppError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// Gives a refusal its body; any other answer stays as it is.
///
/// A `reader` in a browser is shown a page.
pub(super) fn complete(
    response: &mut Response<Body>,
    uri: &Uri,
    id: &RequestId,
    reader: Option<&Visitor>,
) -> Option<Arc<AppError>> {
    let error = response.extensions_mut().remove::<Arc<AppError>>()?;
    let page = reader.and_then(|reader| error_page::render(reader, &error, id.as_str()));
    let (kind, body) = match page {
        Some(page) => ("text/html; charset=utf-8", Body::from(page)),
        None => ("application/problem+json", Body::from(document(&error, uri, id))),
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = body;
    Some(error)
}

fn document(error: &AppError, uri: &Uri, id: &RequestId) -> Vec<u8> {
    let status = error.status();
    let problem = Problem {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: error.detail(),
        instance: uri.path(),
        code: error.code(),
        request_id: id.as_str(),
        errors: error.errors(),
    };
    serde_json::to_vec(&problem).unwrap_or_default()
}
