//! Every operation that the document describes, with no token, a wrong one, and one that may do too little.

use serde_json::Value;
use server::config::Settings;

use super::{bearing, of_scope};
use crate::common::{Request, Server};
use crate::engines::on_both_engines_with;
use crate::openapi::operations;

const SCOPES: [&str; 3] = ["submit", "write", "admin"];

/// The scope that an operation needs; `None` where none is needed by itself.
fn scope(operation: &Value) -> Option<&str> {
    let ways = operation["security"].as_array().unwrap();
    if ways.is_empty() || ways.iter().any(|way| way.get("token").is_none()) {
        return None;
    }
    Some(ways[0]["token"][0].as_str().expect("the operation names its scope"))
}

/// A guess from an address of its own: this test is not about how many there may be.
fn guess(number: usize, request: Request) -> Request {
    bearing(request, "a-wrong-token").header("X-Forwarded-For", &format!("192.0.2.{number}"))
}

fn refused_everywhere(server: &Server) {
    let tokens = SCOPES.map(|scope| of_scope(server, scope));
    let document = serde_json::to_value(server::description()).unwrap();
    let (mut writing, mut number) = (0, 0);
    for (method, path, operation) in operations(&document) {
        let reads = matches!(method.as_str(), "GET" | "HEAD");
        let Some(needed) = scope(&operation) else {
            assert!(reads, "{method} {path} changes something and needs no token");
            continue;
        };
        writing += usize::from(!reads);
        // A body that fits nothing, a type that is none: the token is looked at first.
        let request = || Request::new(&method, &path).header("Content-Type", "image/png").body("{");
        number += 1;
        for (answer, status, code) in [
            (server.send(&request()), 401, "unauthorized"),
            (server.send(&guess(number % 250, request())), 401, "unauthorized"),
        ] {
            assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{method} {path}");
        }
        for (scope, token) in SCOPES.iter().zip(&tokens) {
            if rank(scope) < rank(needed) {
                let answer = server.send(&bearing(request(), token));
                assert_eq!((answer.status, answer.problem().as_str()), (403, "scope"), "{method} {path}");
                assert!(answer.text().contains(&format!("scope {needed}")), "{}", answer.text());
            }
        }
    }
    assert!(writing >= 6, "{writing}");
}

fn rank(scope: &str) -> usize {
    SCOPES.iter().position(|known| *known == scope).unwrap()
}

#[test]
fn every_operation_that_writes_needs_a_token_whoever_may_read() {
    for access in ["open", "public", "token"] {
        let change = |settings| Settings {
            read_access: Some(access.to_owned()),
            trusted_proxies: Some("127.0.0.1".to_owned()),
            ..settings
        };
        on_both_engines_with(change, refused_everywhere);
    }
}

#[test]
fn a_larger_scope_includes_the_smaller() {
    let server = Server::start();
    for scope in SCOPES {
        let token = of_scope(&server, scope);
        let status = |method, path| server.send(&bearing(Request::new(method, path), &token)).status;
        assert_eq!(status("GET", "/api/agent/config"), 200);
        let (writes, administers) = (rank(scope) >= rank("write"), scope == "admin");
        assert_eq!(status("DELETE", "/api/benchmarks/1"), if writes { 404 } else { 403 });
        assert_eq!(status("GET", "/api/tokens"), if administers { 200 } else { 403 });
    }
}

#[test]
fn what_is_not_there_tells_nothing() {
    for access in ["open", "public", "token"] {
        let server =
            Server::with(|settings, _| Settings { read_access: Some(access.to_owned()), ..settings });
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            for path in ["/api", "/api/", "/api/nothing", "/api/tokens/1/secret", "/api/admin"] {
                let answer = server.send(&Request::new(method, path));
                assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{method} {path}");
                assert_eq!(answer.json()["detail"], "There is nothing at this address.");
            }
        }
    }
}
