//! Answers that are given again are those that hold now.

use serde_json::json;

use crate::common::{Request, Server};
use crate::engines::{execute_on_sqlite, on_both_engines};
use crate::reports::{old_client, read, submit};

#[test]
fn what_was_just_written_is_seen_by_all_connections() {
    on_both_engines(|server| {
        let mut connections = [server.connect(), server.connect(), server.connect()];
        for round in 1..=20 {
            let hour = format!("2024-03-{round:02}T12:00:00Z");
            let benchmark = submit(server, &old_client("nas", &hour, 50.0))["benchmark_id"].clone();
            for address in ["/api/devices", "/api/devices/1", "/api/benchmarks", "/api/stats"] {
                for stream in &mut connections {
                    use std::io::Write as _;
                    stream
                        .write_all(format!("GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())
                        .unwrap();
                    let answer = crate::common::Answer::read(stream).json();
                    let count = match address {
                        "/api/devices" => &answer["items"][0]["benchmark_count"],
                        "/api/devices/1" => &answer["benchmark_count"],
                        "/api/benchmarks" => &answer["total"],
                        _ => &answer["benchmarks"],
                    };
                    assert_eq!(*count, round, "{address}");
                }
            }
            let path = format!("/api/benchmarks/{benchmark}");
            assert_eq!(read(server, &path)["label"], json!(null));
            let change = Request::new("PATCH", &path).token().header("Content-Type", "application/json");
            assert_eq!(server.send(&change.body(format!("{{\"label\": \"{round}\"}}"))).status, 200);
            assert_eq!(read(server, &path)["label"], round.to_string());
        }
    });
}

#[test]
fn what_another_program_writes_is_seen_too() {
    let server = Server::start();
    submit(&server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
    for name in ["one", "two"] {
        for _ in 0..5 {
            read(&server, "/api/benchmarks/1");
        }
        execute_on_sqlite(&server, format!("update devices set name = '{name}'"));
        for _ in 0..5 {
            assert_eq!(read(&server, "/api/benchmarks/1")["device_name"], name);
        }
    }
}

#[test]
fn an_answer_that_is_given_again_has_its_headers() {
    on_both_engines(|server| {
        submit(server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
        let first = server.get("/api/devices/1");
        let again = server.get("/api/devices/1");
        assert_eq!(first.text(), again.text());
        for name in ["ETag", "Content-Type", "Content-Length", "Content-Security-Policy"] {
            assert!(first.header(name).is_some(), "{name}");
            assert_eq!(first.header(name), again.header(name), "{name}");
        }
        assert_ne!(first.header("X-Request-Id"), again.header("X-Request-Id"));
        assert_eq!(server.get("/api/devices/2").status, 404);
        assert_eq!(server.get("/api/devices/2").status, 404);
    });
}

#[test]
fn who_has_a_device_gets_it_again_only_when_something_changed() {
    on_both_engines(|server| {
        submit(server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
        let tag = |answer: &crate::common::Answer| answer.header("etag").unwrap().to_owned();
        let asks =
            |known: &str| server.send(&Request::new("GET", "/api/devices/1").header("If-None-Match", known));
        let first = tag(&server.get("/api/devices/1"));
        for known in [&first, &format!("W/{first}"), &format!("\"x\", {first}"), &"*".to_owned()] {
            for _ in 0..2 {
                let answer = asks(known);
                assert_eq!(
                    (answer.status, answer.body.len(), tag(&answer)),
                    (304, 0, first.clone()),
                    "{known}"
                );
            }
        }
        assert_eq!(asks("\"v1\"").status, 200);
        // A report does not move the version, and changes what is said of the device.
        submit(server, &old_client("nas", "2024-03-02T12:00:00Z", 60.0));
        let again = asks(&first);
        assert_eq!((again.status, again.json()["version"].clone()), (200, json!(1)));
        assert_ne!(tag(&again), first);
        let change =
            Request::new("PATCH", "/api/devices/1").token().header("Content-Type", "application/json");
        let change = change.header("If-Match", &first).body("{\"owner\": \"me\"}");
        let changed = server.send(&change);
        assert_eq!(changed.status, 200, "of the same version: {}", changed.text());
        assert_eq!(asks(&tag(&changed)).status, 304, "{}", changed.head);
        assert_eq!(server.send(&change).status, 412);
    });
}
