//! What requests and answers look like, for the description: `examples.json` has them by operation, under `request` and under
//! the status of the answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr};

static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// Adds the examples of an operation, where its handler has none of its own.
pub(super) fn add(operation: &mut Operation) {
    let Some(examples) = operation.operation_id.as_ref().and_then(|id| EXAMPLES.get(id)) else { return };
    if let Some(body) = &mut operation.request_body {
        fill(&mut body.content, examples.get("request"));
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            fill(&mut response.content, examples.get(status));
        }
    }
}

fn fill(content: &mut BTreeMap<String, Content>, example: Option<&Value>) {
    for content in content.values_mut() {
        if content.example.is_none() {
            content.example = example.cloned();
        }
    }
}
