//! axum's extractors, refusing in our own form.

use std::error::Error;

use axum::extract::FromRequestParts;
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
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(AppError::not_found("There is nothing at this address."))
            }
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
        (name, "this address does not take this parameter")
    } else if let Some(name) = about("duplicate field `") {
        (name, "given more than once")
    } else {
        (path, cause)
    };
    FieldError::new(path, message)
}
