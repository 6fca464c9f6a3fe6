//! What a caller gets when something does not work: one error type at the HTTP edge, as RFC 9457.
//!
//! A handler returns [`AppError`]; the edge (see [`crate::edge`]) knows the request and writes the answer
//! and the log line, each once.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use report::{FieldError, ParseError};

use crate::store::StoreError;

/// A refusal or a failure, with what the caller may know and, apart from it, what only the log may.
#[derive(Debug)]
pub struct AppError {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl AppError {
    /// An error with a stable `code` for programs and a sentence for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), headers: Vec::new(), source: None }
    }

    /// 404.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// 422 with the fields that do not fit.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some fields do not fit.") }
    }

    /// 422 with the one field that does not fit.
    pub fn misfit(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(path, message)])
    }

    /// Adds the parts that do not fit.
    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    /// 500. The caller learns nothing but the request id; the log gets the chain.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let error =
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on the server.");
        error.because(source)
    }

    /// 503 with Retry-After: the same request can succeed later.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(5)
    }

    /// What caused it, for the log alone.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Asks the client to wait.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The fields that do not fit.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The cause and its causes on one line, for the log.
    pub(crate) fn chain(&self) -> Option<String> {
        let mut cause: Option<&dyn Error> = Some(self.source.as_deref()?);
        let mut parts: Vec<String> = Vec::new();
        while let Some(error) = cause {
            parts.push(error.to_string());
            cause = error.source();
        }
        Some(parts.join(": "))
    }
}

impl IntoResponse for AppError {
    /// Status and headers only: the edge, which knows the request, writes the body.
    fn into_response(mut self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers.drain(..));
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        if error.is_retryable() {
            return Self::unavailable("The database is out of reach, locked or full; try again in a moment.")
                .because(error);
        }
        Self::internal(error)
    }
}

impl From<ParseError> for AppError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Malformed { line, column, message } => {
                let detail = format!("Not JSON: {message} at line {line} column {column}.");
                Self::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
            }
            ParseError::Invalid(errors) => Self::invalid(errors),
            ParseError::SchemaTooNew { .. } => {
                let mut detail = error.to_string();
                detail.push_str(": keep the report and send it again when the server is newer.");
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "schema_too_new", detail)
            }
        }
    }
}
