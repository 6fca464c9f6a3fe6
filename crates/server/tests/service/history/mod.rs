//! The history of devices: what people say of benchmarks, and what is asked of them.

mod compare;
mod diff;
mod filters;
mod metrics;
mod patch;

use serde_json::Value;

use crate::common::{Answer, Request, Server};

/// Sends a change, with the token.
fn patch(server: &Server, path: &str, body: &Value) -> Answer {
    let request = Request::new("PATCH", path).token().header("Content-Type", "application/json");
    server.send(&request.body(body.to_string()))
}

/// What is read back from JSON may differ in its last digit: nine decimals are compared.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => format!("{:.9}", number.as_f64().unwrap()).into(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), rounded(value))).collect(),
        Value::Array(items) => items.iter().map(rounded).collect(),
        other => other.clone(),
    }
}

/// The ids of a list's items.
fn ids(list: &Value) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}
