//! `/`: which machine is best, and is anything wrong?

use axum::extract::State;
use axum::response::Response;

use super::page::page;
use super::visitor::Visitor;
use crate::app::AppState;
use crate::clock;
use crate::edge::BaseUrl;
use crate::error::AppError;
use filter::Filter;

mod filter;
mod others;
mod rows;
mod title;
mod view;
mod waiting;

/// Answers with the ranking.
pub(crate) async fn dashboard(
    State(state): State<AppState>,
    visitor: Visitor,
    base: BaseUrl,
) -> Result<Response, AppError> {
    let filter = Filter::of(&visitor.address);
    let ranking = state.store.ranking(filter.query()).await?;
    page(&visitor, &view::Dashboard::new(&visitor, filter, &ranking, base.as_str(), clock::now()))
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
