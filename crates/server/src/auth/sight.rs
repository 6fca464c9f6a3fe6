//! How much of what is stored a reader sees, by READ_ACCESS and the token.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::bearer::{Identity, identify, unauthorized};
use crate::app::AppState;
use crate::config::ReadAccess;
use crate::domain::token::Scope;
use crate::error::AppError;

/// How much a reader sees. Handlers of the routes behind [`look_at_reader`] find it among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sight {
    /// All that is stored.
    Everything,
    /// Without serial numbers, addresses and raw reports.
    Public,
}

/// Finds out how much the reader sees, and refuses those who may not read at all. Who may only send reports sees what the
/// public sees: the token of one machine tells nothing of the others' serial numbers.
///
/// # Errors
/// 401 where reading needs a token, and for a wrong one; 429 after too many wrong ones.
pub async fn look_at_reader(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let access = state.config.read_access;
    let (mut parts, body) = request.into_parts();
    let sight = match access {
        ReadAccess::Open => Sight::Everything,
        ReadAccess::Public | ReadAccess::Token => match identify(&state, &parts).await? {
            Identity::Known(bearer) if bearer.scope >= Scope::Write => Sight::Everything,
            Identity::Known(_) => Sight::Public,
            // Who shows a token wants to see more than the public: that it is wrong must not look like an empty shelf.
            Identity::Nobody if access == ReadAccess::Public => Sight::Public,
            Identity::Nobody | Identity::Wrong => return Err(unauthorized()),
        },
    };
    parts.extensions.insert(sight);
    Ok(next.run(Request::from_parts(parts, body)).await)
}
