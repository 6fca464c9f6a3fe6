//! Tokens are made, listed, used and revoked through the API.

use serde_json::json;

use super::{ask, bearing, make, of_scope, with_json};
use crate::common::{Request, Server, TOKEN};
use crate::engines::{PostgresDatabase, on_both_engines_with};
use crate::engines::{execute, execute_on_sqlite, on_both_engines};
use crate::reports::{old_client, read};
use server::config::{Secret, Settings};

fn report(name: &str) -> Request {
    with_json("POST", "/api/benchmark", &old_client(name, "2024-03-01T12:00:00Z", 50.0))
}

fn list(server: &Server) -> serde_json::Value {
    let answer = server.send(&Request::new("GET", "/api/tokens").token());
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!answer.text().contains("bt_") && !answer.text().contains("hash"), "{}", answer.text());
    answer.json()
}

#[test]
fn a_token_is_shown_once_and_works() {
    on_both_engines(|server| {
        let (made, token) = make(server, &json!({ "name": " laptop ", "scope": "submit" }));
        assert!(token.starts_with("bt_") && token.len() == 67, "{token}");
        assert_eq!((&made["name"], &made["scope"]), (&json!("laptop"), &json!("submit")));
        assert_eq!(server.send(&bearing(report("laptop"), &token)).status, 200);
        let listed = list(server);
        assert_eq!((&listed["total"], &listed["items"][0]["name"]), (&json!(1), &json!("laptop")));
        assert_eq!(listed["items"][0]["id"], made["id"]);
    });
}

#[test]
fn the_time_of_last_use_is_told() {
    on_both_engines(|server| {
        let (_, token) = make(server, &json!({ "name": "laptop", "scope": "submit" }));
        assert!(list(server)["items"][0]["last_used_at"].is_null());
        assert_eq!(server.send(&bearing(report("laptop"), &token)).status, 200);
        // Written beside the request that used it.
        while list(server)["items"][0]["last_used_at"].is_null() {
            std::thread::yield_now();
        }
        let first = list(server);
        assert_eq!(server.send(&bearing(report("nas"), &token)).status, 200);
        assert_eq!(list(server), first, "not for every request");
    });
}

#[test]
fn a_revoked_token_is_refused_at_once_and_its_name_is_free() {
    on_both_engines(|server| {
        let (made, token) = make(server, &json!({ "name": "laptop", "scope": "submit" }));
        assert_eq!(server.send(&bearing(report("laptop"), &token)).status, 200);
        let path = format!("/api/tokens/{}", made["id"]);
        for _ in 0..2 {
            assert_eq!(server.send(&Request::new("DELETE", &path).token()).status, 204);
        }
        let refused = server.send(&bearing(report("laptop"), &token));
        assert_eq!((refused.status, refused.problem().as_str()), (401, "unauthorized"));
        assert!(list(server)["items"][0]["revoked_at"].is_string());
        let (again, _) = make(server, &json!({ "name": "laptop", "scope": "submit" }));
        assert_ne!(again["id"], made["id"]);
        let missing = server.send(&Request::new("DELETE", "/api/tokens/99").token());
        assert_eq!((missing.status, missing.problem().as_str()), (404, "not_found"));
    });
}

#[test]
fn unknown_expired_and_no_token_get_one_answer() {
    let expire = "update tokens set expires_at = 1";
    let check = |server: &Server, expire: &dyn Fn()| {
        let later = json!({ "name": "guest", "scope": "write", "expires_at": "2999-01-01T00:00:00Z" });
        let (_, token) = make(server, &later);
        expire();
        let unknown = format!("bt_{}", "0".repeat(64));
        let answers = [
            server.send(&report("a")),
            server.send(&bearing(report("a"), &token)),
            server.send(&bearing(report("a"), &unknown)),
            server.send(&bearing(report("a"), "wrong")),
            server.send(&report("a").header("Authorization", "Basic dXNlcjpwYXNz")),
        ];
        for answer in &answers {
            assert_eq!((answer.status, answer.problem().as_str()), (401, "unauthorized"));
            let told = |answer: &crate::common::Answer| {
                let mut told = answer.json();
                told["request_id"].take();
                (told, answer.header("www-authenticate").map(str::to_owned))
            };
            assert_eq!(told(answer), told(&answers[0]));
        }
    };
    let server = Server::start();
    check(&server, &|| execute_on_sqlite(&server, expire.to_owned()));
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| Settings { database_url: url, ..settings });
    check(&server, &|| execute(&database.url, expire.to_owned()));
}

#[test]
fn a_token_of_one_device_sends_no_report_of_another() {
    on_both_engines(|server| {
        let (_, token) = make(server, &json!({ "name": "nas", "scope": "submit", "device": "nas" }));
        assert_eq!(server.send(&bearing(report("nas"), &token)).status, 200);
        let by_host = json!({ "hostname": "nas", "results": { "cpu": { "score": 1 } } });
        assert_eq!(server.send(&bearing(with_json("POST", "/api/benchmark", &by_host), &token)).status, 200);
        for name in ["laptop", "NAS", "nas2"] {
            let refused = server.send(&bearing(report(name), &token));
            assert_eq!((refused.status, refused.problem().as_str()), (403, "token_device"), "{name}");
            assert_eq!(refused.paths(), ["device_identifier"]);
        }
        assert_eq!(read(server, "/api/devices")["total"], 1);
    });
}

/// A report with a key of its board.
fn keyed(name: &str, at: &str, key: &str) -> serde_json::Value {
    let mut report = old_client(name, at, 50.0);
    report["identity"] = json!({ "name_explicit": false, "board_serial_hash": key.repeat(32) });
    report
}

#[test]
fn a_token_of_one_device_sends_no_report_that_is_filed_under_another() {
    on_both_engines(|server| {
        let [desk, nas] = [("desk", "ab"), ("nas", "cd")].map(|(name, key)| {
            let report = keyed(name, "2024-03-01T12:00:00Z", key);
            (crate::reports::submit(server, &report)["device_id"].clone(), report)
        });
        let (_, token) = make(server, &json!({ "name": "nas", "scope": "submit", "device": "nas" }));
        let send = |report: &serde_json::Value| {
            server.send(&bearing(with_json("POST", "/api/benchmark", report), &token))
        };
        let devices = read(server, "/api/devices")["items"].clone();
        // Its own name, with the keys of the other; and the other's very report, once more.
        for report in [&keyed("nas", "2024-03-02T12:00:00Z", "ab"), &desk.1] {
            let refused = send(report);
            assert_eq!((refused.status, refused.problem().as_str()), (403, "token_device"));
            assert!(!refused.text().contains("desk"), "{}", refused.text());
        }
        assert_eq!(read(server, "/api/benchmarks")["total"], 2, "nothing was stored");
        assert_eq!(read(server, "/api/devices")["items"], devices, "no key was linked");
        // Its own, under whatever name the machine has by now, and once more.
        for report in [&nas.1, &keyed("nas-new", "2024-03-03T12:00:00Z", "cd"), &nas.1] {
            let stored = send(report);
            assert_eq!((stored.status, &stored.json()["device_id"]), (200, &nas.0), "{}", stored.text());
        }
    });
}

#[test]
fn a_token_of_a_device_that_was_merged_sends_reports_of_the_one_that_stays() {
    on_both_engines(|server| {
        let keyed = |name: &str, day: u8, key: &str| keyed(name, &format!("2024-03-{day:02}T12:00:00Z"), key);
        crate::reports::submit(server, &keyed("desk", 1, "ab"));
        let old = keyed("old", 1, "cd");
        crate::reports::submit(server, &old);
        let (_, token) = make(server, &json!({ "name": "old", "scope": "submit", "device": "old" }));
        let merge = with_json("POST", "/api/devices/1/merge", &json!({ "from": 2 })).token();
        assert_eq!(server.send(&merge).status, 200);
        for report in [keyed("old", 2, "cd"), keyed("desk", 3, "ab"), old] {
            let stored = server.send(&bearing(with_json("POST", "/api/benchmark", &report), &token));
            assert_eq!((stored.status, &stored.json()["device_id"]), (200, &json!(1)), "{}", stored.text());
        }
        let stranger = bearing(with_json("POST", "/api/benchmark", &keyed("x", 4, "ef")), &token);
        assert_eq!(server.send(&stranger).status, 403);
    });
}

#[test]
fn what_does_not_fit_is_named() {
    on_both_engines(|server| {
        make(server, &json!({ "name": "taken", "scope": "submit" }));
        let taken = ask(server, &json!({ "name": "taken", "scope": "admin" }));
        assert_eq!((taken.status, taken.problem().as_str()), (409, "name_taken"));
        for (wanted, path) in [
            (json!({ "scope": "submit" }), "name"),
            (json!({ "name": "", "scope": "submit" }), "name"),
            (json!({ "name": "API_TOKEN", "scope": "submit" }), "name"),
            (json!({ "name": "a\u{0}b", "scope": "submit" }), "name"),
            (json!({ "name": "x".repeat(256), "scope": "submit" }), "name"),
            (json!({ "name": "a", "scope": "root" }), "scope"),
            (json!({ "name": "a", "scope": "write", "device": "nas" }), "device"),
            (json!({ "name": "a", "scope": "submit", "expires_at": "2020-01-01T00:00:00Z" }), "expires_at"),
            (json!({ "name": "a", "scope": "submit", "expires_at": "soon" }), "expires_at"),
            (json!({ "name": "a", "scope": "submit", "color": "red" }), "color"),
        ] {
            let refused = ask(server, &wanted);
            assert_eq!((refused.status, refused.problem().as_str()), (422, "invalid"), "{wanted}");
            assert_eq!(refused.paths(), [path], "{wanted}: {}", refused.text());
        }
        assert_eq!(list(server)["total"], 1);
    });
}

#[test]
fn who_may_only_send_reads_what_the_public_reads() {
    let full: serde_json::Value =
        serde_json::from_str(include_str!("../../../../report/tests/golden/full.json")).unwrap();
    for access in ["public", "token"] {
        let change = |settings| Settings { read_access: Some(access.to_owned()), ..settings };
        on_both_engines_with(change, |server| {
            crate::reports::submit(server, &full);
            let [submit, write] = ["submit", "write"].map(|scope| of_scope(server, scope));
            let read = |path: &str, token: &str| server.send(&bearing(Request::new("GET", path), token));
            assert!(!read("/api/snapshots/1", &submit).text().contains("3c:7c:3f:00:00:01"));
            assert_eq!(read("/api/benchmarks/1/raw", &submit).status, 403);
            assert!(read("/api/snapshots/1", &write).text().contains("3c:7c:3f:00:00:01"));
            assert_eq!(read("/api/benchmarks/1/raw", &write).status, 200);
            assert_eq!(read("/api/benchmarks/1/raw", TOKEN).status, 200);
        });
    }
}
