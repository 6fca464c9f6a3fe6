//! What people write of devices, on both engines.

mod create;
mod delete;
mod import;
mod merge;
mod update;

use serde_json::Value;

use crate::common::{Answer, Request, Server};

/// A JSON body on its way, with the token.
pub(crate) fn request(method: &str, path: &str, body: &Value) -> Request {
    Request::new(method, path).token().header("Content-Type", "application/json").body(body.to_string())
}

/// The same, sent.
pub(crate) fn send(server: &Server, method: &str, path: &str, body: &Value) -> Answer {
    server.send(&request(method, path, body))
}

/// What a change that is accepted answers.
pub(crate) fn done(answer: &Answer) -> Value {
    assert!(answer.status < 300, "{}: {}", answer.status, answer.text());
    answer.json()
}

/// A device made of these fields; its id.
pub(crate) fn make(server: &Server, body: &Value) -> i64 {
    done(&send(server, "POST", "/api/devices", body))["id"].as_i64().unwrap()
}
