//! Who changed what.

use serde_json::{Value, json};

use super::{bearing, make, of_scope};
use crate::common::{Request, Server};
use crate::engines::on_both_engines;
use crate::reports::{old_client, submit};

fn changes(server: &Server, query: &str) -> Value {
    let answer = server.send(&Request::new("GET", &format!("/api/changes{query}")).token());
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn actions(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap()).collect()
}

/// A token made by the operator, with which a benchmark is deleted; then it is revoked.
fn change(server: &Server) -> i64 {
    submit(server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
    let (made, token) = make(server, &json!({ "name": "cleaner", "scope": "write" }));
    let delete = |path: &str, token: &str| server.send(&bearing(Request::new("DELETE", path), token)).status;
    assert_eq!(delete("/api/benchmarks/1", &token), 204);
    assert_eq!(delete("/api/benchmarks/1", &token), 404, "what changes nothing is no change");
    let id = made["id"].as_i64().unwrap();
    assert_eq!(delete(&format!("/api/tokens/{id}"), crate::common::TOKEN), 204);
    id
}

#[test]
fn each_change_tells_who_what_and_when() {
    on_both_engines(|server| {
        let token = change(server);
        let list = changes(server, "");
        assert_eq!(actions(&list), ["token.revoke", "benchmark.delete", "token.create"]);
        let [revoked, deleted, made] = [0, 1, 2].map(|number| &list["items"][number]);
        assert_eq!((&deleted["who"], &deleted["subject_id"]), (&json!("cleaner"), &json!(1)));
        assert_eq!((&made["who"], &made["subject_name"]), (&json!("API_TOKEN"), &json!("cleaner")));
        assert_eq!((&made["subject_id"], &revoked["subject_id"]), (&json!(token), &json!(token)));
        assert_eq!(made["detail"]["scope"], "write");
        assert!(made["at"].as_str().unwrap().ends_with('Z') && !list.to_string().contains("bt_"));
    });
}

#[test]
fn they_are_filtered_and_paged() {
    on_both_engines(|server| {
        change(server);
        let at = changes(server, "")["items"][1]["at"].as_str().unwrap().to_owned();
        for (query, expected) in [
            ("?who=cleaner", &["benchmark.delete"][..]),
            ("?who=nobody", &[]),
            ("?who=", &["token.revoke", "benchmark.delete", "token.create"]),
            ("?action=token", &["token.revoke", "token.create"]),
            ("?action=token.create", &["token.create"]),
            ("?action=tok", &[]),
            ("?action=benchmark&subject_id=1", &["benchmark.delete"]),
            ("?subject_id=99", &[]),
            ("?to=2020-01-01T00:00:00Z", &[]),
            ("?from=2020-01-01T00:00:00Z&action=benchmark", &["benchmark.delete"]),
        ] {
            assert_eq!(actions(&changes(server, query)), expected, "{query}");
        }
        let since = changes(server, &format!("?from={at}"));
        assert!(actions(&since).contains(&"benchmark.delete"), "from that moment on, itself included");
        let before = changes(server, &format!("?to={at}"));
        assert!(!actions(&before).contains(&"benchmark.delete"));
        let first = changes(server, "?page_size=2");
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = changes(server, &format!("?page_size=2&cursor={cursor}"));
        assert_eq!((actions(&first).len(), actions(&rest)), (2, vec!["token.create"]));
        for (query, path) in [("?from=yesterday", "from"), ("?subject_id=x", "subject_id"), ("?by=me", "by")]
        {
            let answer = server.send(&Request::new("GET", &format!("/api/changes{query}")).token());
            assert_eq!((answer.status, answer.paths()), (422, vec![path.to_owned()]), "{query}");
        }
    });
}

#[test]
fn they_name_people_and_are_not_for_everybody() {
    let server = Server::start();
    assert_eq!(server.get("/api/changes").status, 401);
    for (scope, status) in [("submit", 403), ("write", 200), ("admin", 200)] {
        let token = of_scope(&server, scope);
        assert_eq!(
            server.send(&bearing(Request::new("GET", "/api/changes"), &token)).status,
            status,
            "{scope}"
        );
    }
}
