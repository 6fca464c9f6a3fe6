//! What every list takes and answers.

use std::borrow::Cow;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use report::FieldError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use crate::domain::benchmark_query::BenchmarkQuery;
use crate::domain::paging::{ListId, Paging, Part, Place, Start, Total};
use crate::error::AppError;
use crate::extract::{NoParams, misfit};

/// Items of a part, where the client does not say.
const PAGE_SIZE: u32 = 50;
/// Items of a part at most.
const MAX_PAGE_SIZE: u32 = 500;
/// The last part that can be asked for by its number: what the description's `int32` holds.
const MAX_PAGE: u32 = i32::MAX.cast_unsigned();

/// Which part of a list, for the description: [`Asked`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the names and meanings are what counts")]
pub(super) struct ListParams {
    /// Which part, from 1.
    #[param(minimum = 1, maximum = 2147483647, default = 1)]
    page: Option<u32>,
    /// Items of a part.
    #[param(minimum = 1, maximum = 500, default = 50)]
    page_size: Option<u32>,
    /// `next_cursor` of the part before; instead of `page`.
    #[param(pattern = "^[0-9a-f]+$")]
    cursor: Option<String>,
}

/// What a list was asked for: the part that is wanted, and which items of it. The parameters that choose and sort belong to the
/// cursor: it fits no other list.
#[derive(Clone, Debug)]
pub struct Asked<F = NoParams> {
    /// The part.
    pub paging: Paging,
    /// What else was asked for.
    pub filters: F,
}

/// Parameters of a list besides those of its parts. An empty value is the same as none.
pub trait Filters: DeserializeOwned {
    /// Those that may be given more than once.
    const REPEATED: &'static [&'static str] = &[];
}

impl Filters for NoParams {}

impl Filters for BenchmarkQuery {
    const REPEATED: &'static [&'static str] = &["device"];
}

impl<F: Filters, S: Sync> FromRequestParts<S> for Asked<F> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Self::of(parts.uri.path(), parts.uri.query().unwrap_or_default()).map_err(AppError::invalid)
    }
}

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

impl<F: Filters> Asked<F> {
    fn of(path: &str, query: &str) -> Result<Self, Vec<FieldError>> {
        let pairs: Vec<Pair<'_>> = form_urlencoded::parse(query.as_bytes()).collect();
        for (number, (name, value)) in pairs.iter().enumerate() {
            let repeated = || pairs[..number].iter().any(|(earlier, _)| earlier == name);
            if !F::REPEATED.contains(&&**name) && repeated() {
                return Err(vec![FieldError::new(&**name, "given more than once, expected once")]);
            }
            if value.contains('\0') {
                return Err(vec![FieldError::new(&**name, "expected text without NUL")]);
            }
        }
        let (part, rest): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| matches!(&**name, "page" | "page_size" | "cursor"));
        let (empty, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(_, value)| value.is_empty());
        for pair in empty {
            // None is given; but there must be such a parameter.
            let unknown =
                |error: &FieldError| error.path == pair.0 && error.message.contains("does not take");
            if let Some(error) = Self::filters(&form(std::slice::from_ref(&pair))).err().filter(unknown) {
                return Err(vec![error]);
            }
        }
        let rest = form(&rest);
        let filters = Self::filters(&rest).map_err(|error| vec![error])?;
        let chosen: Vec<Pair<'_>> = form_urlencoded::parse(rest.as_bytes()).collect();
        let list = ListId::of(path, chosen.iter().map(|(name, value)| (&**name, &**value)));
        Ok(Self { paging: paging(list, &part)?, filters })
    }

    fn filters(text: &str) -> Result<F, FieldError> {
        let read = serde_html_form::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
        serde_path_to_error::deserialize(read).map_err(|error| {
            // One of those that may be repeated is called as the others are.
            let path = error.path().to_string();
            misfit(path.split('[').next().unwrap_or_default(), &error.inner().to_string())
        })
    }
}

fn form(pairs: &[Pair<'_>]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn paging(list: ListId, part: &[Pair<'_>]) -> Result<Paging, Vec<FieldError>> {
    let given = |wanted: &str| part.iter().find(|(name, _)| name == wanted).map(|(_, value)| &**value);
    let mut errors = Vec::new();
    let size = given("page_size").map_or(Some(PAGE_SIZE), |size| size.parse().ok());
    let size = size.filter(|size| (1..=MAX_PAGE_SIZE).contains(size));
    let page_size = size.unwrap_or_else(|| {
        errors.push(FieldError::new("page_size", format!("expected a number from 1 to {MAX_PAGE_SIZE}")));
        PAGE_SIZE
    });
    let start = match (given("cursor"), given("page")) {
        (None, None) => Ok(Start::First),
        (Some(_), Some(_)) => Err(FieldError::new("cursor", "expected either page or cursor")),
        (Some(cursor), None) => Place::decode(cursor, list).map(Start::Behind).ok_or_else(|| {
            FieldError::new("cursor", "expected next_cursor of an answer to the same list, filters and order")
        }),
        (None, Some(page)) => match page.parse::<u32>() {
            Ok(page @ 1..=MAX_PAGE) => Ok(Start::After(page - 1)),
            _ => Err(FieldError::new("page", format!("expected a number from 1 to {MAX_PAGE}"))),
        },
    };
    match start {
        Ok(start) if errors.is_empty() => Ok(Paging { list, start, page_size }),
        Ok(_) => Err(errors),
        Err(error) => Err(errors.into_iter().chain([error]).collect()),
    }
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

/// The answer.
pub(super) fn answer<T>(paging: &Paging, part: Part<T>) -> Json<ListAnswer<T>> {
    let Part { items, total, next } = part;
    let (total, total_at_least) = match total {
        Total::Exactly(count) => (Some(count), None),
        Total::AtLeast(count) => (None, Some(count)),
    };
    let page = match paging.start {
        Start::First => Some(1),
        Start::After(pages) => Some(pages.saturating_add(1)),
        Start::Behind(_) => None,
    };
    let next_cursor = next.map(|place| place.encode(paging.list));
    Json(ListAnswer { items, total, total_at_least, page, page_size: paging.page_size, next_cursor })
}
