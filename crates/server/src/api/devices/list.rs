//! GET /api/devices: devices, found, filtered and sorted.

use axum::extract::State;
use axum::{Extension, Json};
use report::{DeviceKind, FieldError};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::api::list::{Asked, Filters, ListAnswer, ListParams, answer};
use crate::app::AppState;
use crate::auth::Sight;
use crate::domain::device::Device;
use crate::domain::device_query::{DeviceQuery, DeviceSort};
use crate::domain::fold::fold;
use crate::domain::privacy::public_device;
use crate::domain::typed::Status;
use crate::error::AppError;

/// Words of a search at most, and characters of a parameter.
const MOST_WORDS: usize = 16;
const MOST_CHARACTERS: usize = 1_024;

/// Which devices, and in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeviceFilters {
    /// Words, each of which is found somewhere in the name, description, tags, model, host name or other things typed,
    /// without regard to case and accents. For the public with READ_ACCESS=public, in name, tags and model only.
    search: Option<String>,
    /// It has this tag; given more than once, all of them.
    #[serde(default)]
    tag: Vec<String>,
    /// Its kind.
    kind: Option<DeviceKind>,
    /// What it is used for.
    status: Option<Status>,
    /// Where it stands, to the letter.
    location: Option<String>,
    /// Its model, as `model` or `model_key` says it.
    model: Option<String>,
    /// What to sort by; among equals by id.
    #[param(inline)]
    sort: Option<DeviceSort>,
    /// Which way.
    #[param(inline)]
    order: Option<Order>,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// The smallest first.
    Asc,
    /// The largest first.
    Desc,
}

impl Filters for DeviceFilters {
    const REPEATED: &'static [&'static str] = &["tag"];
}

impl DeviceFilters {
    /// What is asked for by somebody with that sight.
    ///
    /// # Errors
    /// 422 for what is too long, and for what they may not see and so may not find by.
    fn query(self, sight: Sight) -> Result<DeviceQuery, AppError> {
        let Self { search, tag, kind, status, location, model, sort, order } = self;
        let mut errors = Vec::new();
        let mut refuse = |path: &str, message: &str| errors.push(FieldError::new(path, message));
        let texts = [("search", &search), ("location", &location), ("model", &model)];
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?)));
        for (name, text) in texts.chain(tag.iter().map(|tag| ("tag", tag))) {
            if text.chars().count() > MOST_CHARACTERS {
                refuse(name, "expected at most 1,024 characters");
            }
        }
        let words = search.as_deref().map(DeviceQuery::words_of).unwrap_or_default();
        if words.len() > MOST_WORDS || tag.len() > MOST_WORDS {
            refuse(if tag.len() > MOST_WORDS { "tag" } else { "search" }, "expected at most 16");
        }
        let public = sight == Sight::Public;
        if public && location.is_some() {
            refuse("location", "only those who hold the token see locations");
        }
        if public && sort == Some(DeviceSort::Location) {
            refuse("sort", "only those who hold the token see locations");
        }
        if !errors.is_empty() {
            return Err(AppError::invalid(errors));
        }
        Ok(DeviceQuery {
            words,
            tags: tag.iter().map(|tag| fold(tag)).filter(|tag| !tag.is_empty()).collect(),
            kind,
            status,
            location,
            model,
            sort: sort.unwrap_or_default(),
            descending: order == Some(Order::Desc),
            public,
        })
    }
}

/// A part of the list.
///
/// # Errors
/// 422 for parameters that do not fit, 503 when the database is away.
#[utoipa::path(
    get,
    path = "/api/devices",
    tag = "devices",
    operation_id = "list_devices",
    params(DeviceFilters, ListParams),
    responses((status = 200, description = "As asked for", body = ListAnswer<Device>)),
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(sight): Extension<Sight>,
    Asked { paging, filters }: Asked<DeviceFilters>,
) -> Result<Json<ListAnswer<Device>>, AppError> {
    let mut part = state.store.devices(&filters.query(sight)?, &paging).await?;
    if sight == Sight::Public {
        part.items = part.items.into_iter().map(public_device).collect();
    }
    Ok(answer(&paging, part))
}
