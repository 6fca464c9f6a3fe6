//! How much of what is stored a reader sees, by READ_ACCESS and the token.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::bearer::{carries, unauthorized};
use crate::app::AppState;
use crate::config::ReadAccess;
use crate::error::AppError;

/// How much a reader sees. Handlers of the routes behind [`look_at_reader`] find it among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All that is stored.
    Everything,
    /// Without serial numbers, addresses and raw reports.
    Public,
}

/// Finds out how much the reader sees, and refuses those who may not read at all.
///
/// # Errors
/// 401 where reading needs the token.
pub async fn look_at_reader(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let sight = match state.config.read_access {
        ReadAccess::Open => Sight::Everything,
        _ if carries(request.headers(), &state.token) => Sight::Everything,
        ReadAccess::Public => Sight::Public,
        ReadAccess::Token => return Err(unauthorized()),
    };
    request.extensions_mut().insert(sight);
    Ok(next.run(request).await)
}
