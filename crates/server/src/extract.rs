//! axum's extractors, refusing in our own form.

use std::error::Error;

use axum::extract::FromRequestParts;
use axum::extract::path::{ErrorKind, FailedToDeserializePathParams};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::request::Parts;
use report::FieldError;

use crate::error::AppError;

/// The parts of the path that the route names. What does not fit is not there: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

/// The parameters after `?`. What does not fit is 422 with its name.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// For addresses that take no parameters: any is 422 with its name.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: serde::de::DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(failure)) => Err(nothing_there(&failure)),
            Err(other) => Err(AppError::internal(other)),
        }
    }
}

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: serde::de::DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(refused_query(&rejection)),
        }
    }
}

/// 404 that says which part of the path cannot be.
fn nothing_there(failure: &FailedToDeserializePathParams) -> AppError {
    let error = match failure.kind() {
        ErrorKind::ParseError { value, .. } | ErrorKind::ParseErrorAtIndex { value, .. } => {
            FieldError::new("id", format!("{value:?}, {ID}"))
        }
        ErrorKind::ParseErrorAtKey { key, value, .. } => {
            FieldError::new(key.as_str(), format!("{value:?}, {ID}"))
        }
        ErrorKind::DeserializeError { key, message, .. } => FieldError::new(key.as_str(), message.as_str()),
        other => FieldError::new("path", other.to_string()),
    };
    AppError::not_found("There is nothing at this address.").with_errors(vec![error])
}

/// What is expected of an id.
const ID: &str = "expected a whole number, such as 7";

fn refused_query(rejection: &QueryRejection) -> AppError {
    let cause = rejection.source().map_or_else(|| rejection.body_text(), ToString::to_string);
    let (path, message) = cause.split_once(": ").unwrap_or(("?", &cause));
    AppError::invalid(vec![misfit(path, message)])
}

/// The parameter that does not fit, from what serde says of it and the path where it says so.
pub(crate) fn misfit(path: &str, cause: &str) -> FieldError {
    let about = |problem: &str| cause.split_once(problem)?.1.split('`').next();
    let (path, message) = if let Some(name) = about("missing field `") {
        (name, "missing, expected a value")
    } else if let Some(name) = about("unknown field `") {
        (name, "this address does not take this parameter, expected none of this name")
    } else if let Some(name) = about("duplicate field `") {
        (name, "given more than once, expected once")
    } else {
        (path, plainly(cause))
    };
    FieldError::new(path, message)
}

/// What the standard library says of a text that is none of its numbers, with what was expected.
fn plainly(cause: &str) -> &str {
    match cause {
        "invalid digit found in string" | "cannot parse integer from empty string" => ID,
        "number too large to fit in target type" | "number too small to fit in target type" => {
            "out of range, expected a whole number, such as 7"
        }
        "provided string was not `true` or `false`" => "expected true or false",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::misfit;

    #[test]
    fn every_parameter_that_does_not_fit_is_told_what_was_expected() {
        for number in ["abc", "", "99999999999999999999", "-99999999999999999999"] {
            let cause = number.parse::<i64>().unwrap_err().to_string();
            assert!(
                misfit("device", &cause).message.contains("expected a whole number, such as 7"),
                "{cause}"
            );
        }
        let cause = "maybe".parse::<bool>().unwrap_err().to_string();
        assert_eq!(misfit("excluded", &cause).message, "expected true or false");
    }
}
