//! Who may do what.

use serde_json::{Value, json};

use crate::common::{Answer, Request, Server};

mod changes;
mod commands;
mod proxy_users;
mod scopes;
mod settings;
mod sites;
mod tokens;
mod wrong_tokens;

/// The same request with a token.
pub(crate) fn bearing(request: Request, token: &str) -> Request {
    request.header("Authorization", &format!("Bearer {token}"))
}

/// A request with a JSON body.
pub(crate) fn with_json(method: &str, path: &str, body: &Value) -> Request {
    Request::new(method, path).header("Content-Type", "application/json").body(body.to_string())
}

/// Asks for a token, with the one for everything.
fn ask(server: &Server, wanted: &Value) -> Answer {
    server.send(&with_json("POST", "/api/tokens", wanted).token())
}

/// Makes a token: what was answered, and the token.
pub(crate) fn make(server: &Server, wanted: &Value) -> (Value, String) {
    let answer = ask(server, wanted);
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let made = answer.json();
    let token = made["token"].as_str().unwrap().to_owned();
    (made, token)
}

/// A token of that scope.
pub(crate) fn of_scope(server: &Server, scope: &str) -> String {
    make(server, &json!({ "name": scope, "scope": scope })).1
}
