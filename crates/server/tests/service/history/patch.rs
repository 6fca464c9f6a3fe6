//! PATCH /api/benchmarks/{id}.

use serde_json::{Value, json};

use super::{patch, rounded};
use crate::common::{Request, Server};
use crate::engines::on_both_engines;
use crate::reports::{desktop, read, submit, times};

const OLD: &str = "2024-03-01T12:00:00Z";
const NEW: &str = "2024-03-02T12:00:00Z";

fn changed(server: &Server, id: i64, body: &Value) -> Value {
    let answer = patch(server, &format!("/api/benchmarks/{id}"), body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json(), read(server, &format!("/api/benchmarks/{id}")));
    answer.json()
}

#[test]
fn label_and_note_are_changed_and_cleared() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", OLD));
        let device = read(server, "/api/devices/1");
        let long = "é".repeat(20_000);
        let served = changed(server, 1, &json!({ "label": "quiet <b>", "note": long }));
        assert_eq!((&served["label"], &served["note"]), (&json!("quiet <b>"), &json!(long)));
        let served = changed(server, 1, &json!({ "label": null }));
        assert_eq!((&served["label"], &served["note"]), (&Value::Null, &json!(long)));
        assert_eq!(changed(server, 1, &json!({})), served);
        assert_eq!(read(server, "/api/devices/1"), device, "nothing that counts has changed");
        let raw = server.get("/api/benchmarks/1/raw").json();
        assert_eq!(raw["label"], "after the new cooler", "what was sent stays as it was sent");
    });
}

#[test]
fn an_excluded_benchmark_is_history_and_counts_for_nothing() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", OLD));
        let before = read(server, "/api/devices/1");
        submit(server, &times(desktop("desk", NEW), 3.0));
        let both = read(server, "/api/devices/1");
        let (stats, ranking) = (read(server, "/api/stats"), server.get("/").text().len());
        assert_ne!(before["standing"], both["standing"]);
        let served =
            changed(server, 2, &json!({ "excluded": true, "excluded_reason": "the clock was wrong" }));
        assert_eq!(
            (&served["excluded"], &served["excluded_reason"]),
            (&json!(true), &json!("the clock was wrong"))
        );
        let device = read(server, "/api/devices/1");
        assert_eq!(rounded(&device["standing"]), rounded(&before["standing"]));
        assert_eq!((&device["benchmark_count"], &device["last_benchmark"]["id"]), (&json!(2), &json!(2)));
        assert_eq!(device["last_benchmark"]["excluded"], true);
        assert_eq!(device["last_snapshot"], both["last_snapshot"], "the hardware is what it was");
        let now = read(server, "/api/stats");
        assert_eq!((&now["benchmarks"], &now["last_benchmark"]["excluded"]), (&json!(2), &json!(true)));
        assert_eq!(rounded(&now["score"]["median"]), rounded(&before["standing"]["global_score"]));
        let list = read(server, "/api/devices/1/benchmarks");
        assert_eq!(
            (&list["items"][0]["excluded"], &list["items"][1]["excluded"]),
            (&json!(true), &json!(false))
        );
        // And back.
        let served = changed(server, 2, &json!({ "excluded": false }));
        assert_eq!((&served["excluded"], &served["excluded_reason"]), (&json!(false), &Value::Null));
        let device = read(server, "/api/devices/1");
        for field in ["standing", "last_benchmark", "last_snapshot", "benchmark_count", "reported", "hints"] {
            assert_eq!(rounded(&device[field]), rounded(&both[field]), "{field}");
        }
        assert_eq!(rounded(&read(server, "/api/stats")), rounded(&stats));
        assert_eq!(server.get("/").text().len(), ranking);
    });
}

#[test]
fn what_is_excluded_stays_out_whatever_comes_later() {
    on_both_engines(|server| {
        for (at, factor) in [(OLD, 1.0), (NEW, 3.0), ("2024-03-03T12:00:00Z", 2.0)] {
            submit(server, &times(desktop("desk", at), factor));
        }
        let score =
            || read(server, "/api/devices/1")["standing"]["components"]["cpu"]["benchmark_id"].clone();
        changed(server, 2, &json!({ "excluded": true, "excluded_reason": "x" }));
        changed(server, 3, &json!({ "excluded": true, "excluded_reason": "y" }));
        assert_eq!(score(), 1);
        submit(server, &desktop("desk", "2024-02-01T12:00:00Z"));
        assert_eq!(score(), 1, "a late report");
        assert_eq!(server.send(&Request::new("DELETE", "/api/benchmarks/1").token()).status, 204);
        assert_eq!(score(), 4, "another one is deleted");
        changed(server, 3, &json!({ "excluded": false }));
        assert_eq!(score(), 3);
    });
}

#[test]
fn what_does_not_fit_is_named_and_changes_nothing() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", OLD));
        let before = read(server, "/api/benchmarks/1");
        for (body, status, path) in [
            (json!({ "excluded": true }), 422, "excluded_reason"),
            (json!({ "label": "x", "excluded_reason": "y" }), 422, "excluded_reason"),
            (json!({ "excluded": "yes" }), 422, "excluded"),
            (json!({ "label": "x".repeat(256) }), 422, "label"),
            (json!({ "note": "a\u{0}b" }), 422, "note"),
            (json!({ "verdict": "valid" }), 422, "verdict"),
            (json!([]), 422, "$"),
        ] {
            let answer = patch(server, "/api/benchmarks/1", &body);
            assert_eq!(answer.status, status, "{body}: {}", answer.text());
            assert_eq!(answer.paths(), [path], "{body}");
        }
        assert_eq!(patch(server, "/api/benchmarks/2", &json!({ "label": "x" })).status, 404);
        let without = Request::new("PATCH", "/api/benchmarks/1").header("Content-Type", "application/json");
        assert_eq!(server.send(&without.body("{}")).status, 401);
        assert_eq!(read(server, "/api/benchmarks/1"), before);
    });
}
