//! A rendered page as an answer.

use askama::Template;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, COOKIE, SET_COOKIE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::visitor::Visitor;
use crate::error::AppError;

/// Renders a page for a visitor, and remembers what the visitor chose.
pub(crate) fn page(visitor: &Visitor, template: &impl Template) -> Result<Response, AppError> {
    let mut response = (StatusCode::OK, template.render().map_err(AppError::internal)?).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.append(VARY, HeaderValue::from(ACCEPT_LANGUAGE));
    headers.append(VARY, HeaderValue::from(COOKIE));
    for cookie in visitor.cookies() {
        headers.append(SET_COOKIE, cookie.clone());
    }
    Ok(response)
}
