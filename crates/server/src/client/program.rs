//! GET /agent/{target}/{program} and …/{program}.sha256: the agent, and the sum that bench.sh checks it by.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use super::agents::{Agents, PROGRAM};
use crate::api::octets::Octets;
use crate::app::AppState;
use crate::error::AppError;
use crate::extract::Path;

/// Bytes read from the disk at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// The agent for one kind of machine, or its SHA-256 as `sha256sum -c` takes it.
///
/// # Errors
/// 404, naming the targets there are.
#[utoipa::path(
    get,
    path = "/agent/{target}/{file}",
    tag = "agent",
    operation_id = "get_agent",
    params(
        ("target" = String, Path, description = "Kind of machine, as Rust names it", example = "x86_64-unknown-linux-musl"),
        ("file" = String, Path, description = "`benchtools`, or `benchtools.sha256`", pattern = r"^benchtools(\.sha256)?$"),
        ("If-None-Match" = Option<String>, Header, description = "`ETag` of an earlier answer"),
    ),
    responses(
        (
            status = 200, description = "The program, or its checksum",
            content((Octets = "application/octet-stream"), (String = "text/plain")),
            headers(("ETag" = String, description = "Of the program: its SHA-256 in quotes")),
        ),
        (status = 304, description = "The client has it already"),
    ),
)]
pub async fn program(
    State(state): State<AppState>,
    Path((target, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let agents = state.agents;
    let (name, wants_sum) = file.strip_suffix(".sha256").map_or((file.as_str(), false), |name| (name, true));
    let path = if name == PROGRAM { agents.path(&target) } else { None };
    let Some(path) = path else { return Err(no_such_agent(&agents).await) };
    let sum = match checksum(&agents, path.clone()).await {
        Ok(sum) => sum,
        Err(error) if is_absent(&error) => return Err(no_such_agent(&agents).await),
        Err(error) => return Err(AppError::internal(error)),
    };
    if wants_sum {
        let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
        return Ok((kind, format!("{sum}  {PROGRAM}\n")).into_response());
    }
    let etag = format!("\"{sum}\"");
    let known =
        headers.get_all(header::IF_NONE_MATCH).iter().any(|value| value.as_bytes() == etag.as_bytes());
    let caching = [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, stream(path).await.map_err(AppError::internal)?).into_response())
}

async fn checksum(agents: &Arc<Agents>, path: PathBuf) -> io::Result<String> {
    let agents = Arc::clone(agents);
    tokio::task::spawn_blocking(move || agents.checksums.of(&path)).await.map_err(io::Error::other)?
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

async fn stream(path: PathBuf) -> io::Result<Response> {
    let file = File::open(path).await?;
    let length = file.metadata().await?.len();
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{PROGRAM}\"")),
    ];
    Ok((head, Body::from_stream(ReaderStream::with_capacity(file, PIECE_BYTES))).into_response())
}

/// The target that was asked for is not repeated: it may be anything.
async fn no_such_agent(agents: &Agents) -> AppError {
    let targets = match agents.targets().await {
        Ok(targets) => targets,
        Err(error) => return AppError::internal(error),
    };
    AppError::not_found(if targets.is_empty() {
        "This server has no agents. They belong into the folder AGENT_DIR, as <target>/benchtools.".to_owned()
    } else {
        format!("There is no such agent. This server has {PROGRAM} for: {}.", targets.join(", "))
    })
}
