//! What requests and answers look like, for the description: `examples.json` has them by operation, under `request` and under
//! the status of the answer.

use std::sync::LazyLock;

use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr};

static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// Adds the examples of an operation, where its handler has none of its own.
pub(super) fn add(operation: &mut Operation) {
    let Some(examples) = operation.operation_id.as_ref().and_then(|id| EXAMPLES.get(id)) else { return };
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        fill(body.content.values_mut(), examples.get("request"));
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            fill(response.content.values_mut(), examples.get(status));
        }
    }
}

fn fill<'c>(content: impl Iterator<Item = &'c mut RefOr<Content>>, example: Option<&Value>) {
    for content in content {
        if let RefOr::T(content) = content
            && content.example.is_none()
        {
            content.example = example.cloned();
        }
    }
}
