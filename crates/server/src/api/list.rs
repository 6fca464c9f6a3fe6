//! What every list takes and answers.

use axum::Json;
use report::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::paging::{Cursor, Paging, Part, Start, Total};
use crate::error::AppError;

/// Items of a part, where the client does not say.
const PAGE_SIZE: u32 = 50;
/// Items of a part at most.
const MAX_PAGE_SIZE: u32 = 500;

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Which part, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// Items of a part.
    #[param(minimum = 1, maximum = 500, default = 50)]
    page_size: Option<u32>,
    /// `next_cursor` of the part before; instead of `page`.
    cursor: Option<String>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListAnswer<T> {
    items: Vec<T>,
    /// Absent where counting stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_at_least: Option<u64>,
    /// Absent where a cursor led here.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    page_size: u32,
    /// Leads to the next part; null at the end.
    next_cursor: Option<String>,
}

impl ListParams {
    /// Looks at what was asked for.
    ///
    /// # Errors
    /// 422 with each parameter that does not fit.
    pub(super) fn paging<C: Cursor>(&self) -> Result<Paging<C>, AppError> {
        let mut errors = Vec::new();
        let mut refuse = |path: &str, message: &str| {
            errors.push(FieldError { path: path.to_owned(), message: message.to_owned() });
        };
        let page_size = self.page_size.unwrap_or(PAGE_SIZE);
        if !(1..=MAX_PAGE_SIZE).contains(&page_size) {
            refuse("page_size", "expected a number from 1 to 500");
        }
        let mut start = Start::After(self.page.unwrap_or(1).saturating_sub(1));
        if self.page == Some(0) {
            refuse("page", "expected a number from 1 on");
        }
        match (&self.cursor, self.page) {
            (Some(_), Some(_)) => refuse("cursor", "expected either page or cursor"),
            (Some(text), None) => match C::decode(text) {
                Some(cursor) => start = Start::Behind(cursor),
                None => refuse("cursor", "expected next_cursor of an answer to this list"),
            },
            (None, _) => {}
        }
        if errors.is_empty() { Ok(Paging { start, page_size }) } else { Err(AppError::invalid(errors)) }
    }
}

/// The answer.
pub(super) fn answer<T, C>(paging: &Paging<C>, part: Part<T>) -> Json<ListAnswer<T>> {
    let Part { items, total, next } = part;
    let (total, total_at_least) = match total {
        Total::Exactly(count) => (Some(count), None),
        Total::AtLeast(count) => (None, Some(count)),
    };
    let page = match paging.start {
        Start::After(pages) => Some(pages.saturating_add(1)),
        Start::Behind(_) => None,
    };
    Json(ListAnswer { items, total, total_at_least, page, page_size: paging.page_size, next_cursor: next })
}
