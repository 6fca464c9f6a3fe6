//! `/devices/{id}-{slug}`: everything about one machine.

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};

use super::device_link::device_link;
use super::page::page;
use super::visitor::Visitor;
use crate::app::AppState;
use crate::auth::Sight;
use crate::clock;
use crate::domain::privacy::public_page;
use crate::edge::BaseUrl;
use crate::error::AppError;
use crate::extract::Path;

mod components;
mod hardware;
mod history;
mod missing;
mod section;
mod table;
mod view;

/// Answers with the page of a machine, at the one address that it has.
pub(crate) async fn device(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    (Path(name), uri): (Path<String>, Uri),
    visitor: Visitor,
    base: BaseUrl,
) -> Result<Response, AppError> {
    let machine = match id_of(&name) {
        Some(id) => state.store.device_page(id).await?,
        None => None,
    };
    let mut machine = machine.ok_or_else(|| AppError::not_found("There is no such machine."))?;
    if sight == Sight::Public {
        machine = public_page(machine);
    }
    let canonical = device_link(machine.id, &machine.name);
    if canonical != format!("/devices/{name}") {
        // For now: a machine that is renamed twice must not send browsers in a circle.
        return Ok(Redirect::temporary(&with_query(canonical, &uri)).into_response());
    }
    page(&visitor, &view::DevicePage::new(&visitor, &machine, base.as_str(), clock::now()))
}

/// The short address, as it fits on a label: leads to the page.
pub(crate) async fn device_by_id(Path(id): Path<i64>, uri: Uri) -> Redirect {
    Redirect::temporary(&with_query(format!("/devices/{id}"), &uri))
}

/// What was chosen in the address (language, colours) goes along.
fn with_query(mut path: String, uri: &Uri) -> String {
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    path
}

/// The number before the first hyphen.
fn id_of(name: &str) -> Option<i64> {
    let digits = name.split('-').next()?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
