//! GET /api/health: is everything there that the server needs?

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use report::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::AppError;
use crate::folders::folders;
use crate::store::StoreError;

/// A database that has not answered by then is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a monitor wants to know when all is well.
#[derive(Serialize, ToSchema)]
pub struct Health {
    status: &'static str,
    version: &'static str,
    database: Database,
    /// Those that the server writes to, each `writable`.
    folders: BTreeMap<&'static str, &'static str>,
    uptime_s: u64,
}

#[derive(Serialize, ToSchema)]
struct Database {
    kind: &'static str,
    reachable: bool,
}

/// 200 when all is well.
///
/// # Errors
/// 503 naming the checks that fail.
#[utoipa::path(
    get,
    path = "/api/health",
    tag = "server",
    operation_id = "get_health",
    responses((status = 200, description = "As asked for", body = Health)),
)]
pub async fn health(State(state): State<AppState>) -> Result<Json<Health>, AppError> {
    let mut failing = Vec::new();
    if let Err(error) = ping(&state).await {
        tracing::warn!(%error, "the database does not answer");
        failing.push(FieldError::new("database", "does not answer"));
    }
    let mut writable = BTreeMap::new();
    for folder in folders(&state.config) {
        match folder.check_with_room() {
            Ok(()) => drop(writable.insert(folder.name, "writable")),
            Err(error) => {
                tracing::warn!(%error, "unhealthy");
                failing.push(FieldError::new(format!("folders.{}", folder.name), error.problem));
            }
        }
    }
    match state.documents.check().await {
        Ok(()) => drop(writable.insert("uploads", "writable")),
        Err(problem) => failing.push(FieldError::new("folders.uploads", &problem)),
    }
    if !failing.is_empty() {
        return Err(unhealthy(failing));
    }
    Ok(Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        database: Database { kind: state.store.engine().as_str(), reachable: true },
        folders: writable,
        uptime_s: state.started.elapsed().as_secs(),
    }))
}

async fn ping(state: &AppState) -> Result<(), StoreError> {
    let answer = tokio::time::timeout(PATIENCE, state.store.ping()).await;
    answer.unwrap_or(Err(StoreError::Unavailable(None)))
}

fn unhealthy(failing: Vec<FieldError>) -> AppError {
    let list: Vec<String> = failing.iter().map(|check| format!("{} {}", check.path, check.message)).collect();
    let detail = format!("Not healthy: {}.", list.join(", "));
    AppError::new(StatusCode::SERVICE_UNAVAILABLE, "unhealthy", detail).retry_after(5).with_errors(failing)
}
