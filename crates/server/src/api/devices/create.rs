//! POST /api/devices: a device, made before it sends a report, or without ever sending one.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use report::{DeviceIdentifier, FieldError};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{__dev::ComposeSchema, PartialSchema as _, ToSchema};

use super::Tagged;
use crate::app::AppState;
use crate::body::Json;
use crate::domain::change::Author;
use crate::domain::device::Device;
use crate::domain::device_edit::NewDevice;
use crate::domain::typed::{Fields, Typed};
use crate::error::AppError;
use crate::extract::{NoParams, Query};

/// A device to make: a description, for what is read is [`Fields`].
#[derive(Debug)]
pub(super) struct DeviceToMake;

impl ComposeSchema for DeviceToMake {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let mut schema = Typed::schema();
        if let RefOr::T(Schema::Object(typed)) = &mut schema {
            const MEANING: &str = "The logical name that its reports will carry; without it, the `name`. One of both is needed.";
            let name = ObjectBuilder::new()
                .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some(r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"))
                .description(Some(MEANING));
            typed.properties.insert("device_identifier".to_owned(), name.into());
            typed.description = Some("A device to make.".to_owned());
        }
        schema
    }
}

impl ToSchema for DeviceToMake {
    fn name() -> Cow<'static, str> {
        "DeviceToMake".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Typed::schemas(schemas);
    }
}

/// Makes it. Reports that carry its `device_identifier` are filed with it from then on.
///
/// # Errors
/// 409 if another device has that `device_identifier`, 422 for fields that do not fit, 503 when the database is away.
#[utoipa::path(
    post,
    path = "/api/devices",
    tag = "devices",
    operation_id = "create_device",
    request_body = DeviceToMake,
    responses(
        (status = 201, description = "Made", body = Device, headers(
            ("Location" = String, description = "Where it is found"),
            ("ETag" = String, description = "What `If-Match` and `If-None-Match` take"),
        )),
        (status = 409, response = crate::edge::Refusal),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    author: Author,
    Query(NoParams {}): Query<NoParams>,
    Json(fields): Json<Fields>,
) -> Result<Response, AppError> {
    let id = state.store.create_device(new_device(fields)?, author).await??;
    let mut response = (StatusCode::CREATED, Tagged::now(&state, id).await?).into_response();
    if let Ok(place) = HeaderValue::try_from(format!("/api/devices/{id}")) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn new_device(mut fields: Fields) -> Result<NewDevice, AppError> {
    let given = fields.take("device_identifier").unwrap_or_default();
    let mut typed = Typed::default();
    let mut errors: Vec<FieldError> =
        fields.0.iter().filter_map(|(field, value)| typed.set(field, value).err()).collect();
    let name_fits = !errors.iter().any(|error| error.path == "name");
    let mut refuse = |path: &str, message: &str| {
        errors.push(FieldError::new(path, message));
        None
    };
    let name = match (&given, &typed.name) {
        (Value::String(name), _) => {
            DeviceIdentifier::new(name).map_or_else(|message| refuse("device_identifier", &message), Some)
        }
        (Value::Null, Some(name)) => {
            DeviceIdentifier::new(name).map_or_else(|message| refuse("name", &message), Some)
        }
        (Value::Null, None) if !name_fits => None,
        (Value::Null, None) => refuse("name", "missing, expected a name, or a device_identifier"),
        _ => refuse("device_identifier", "expected text"),
    };
    match name {
        Some(device_identifier) if errors.is_empty() => Ok(NewDevice { device_identifier, typed }),
        _ => Err(AppError::invalid(errors)),
    }
}
