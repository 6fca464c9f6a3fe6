//! POST /api/devices/{id}/merge.

use serde_json::{Value, json};

use super::{done, make, request, send};
use crate::common::Request;
use crate::engines::on_both_engines;
use crate::reports::{desktop, read, submit, times};

fn keyed(name: &str, at: &str, key: &str) -> Value {
    let mut report = times(desktop(name, at), if key == "ab" { 1.0 } else { 2.0 });
    report["identity"] = json!({"board_serial_hash": key.repeat(32)});
    report
}

#[test]
fn two_rows_of_one_machine_become_one() {
    on_both_engines(|server| {
        submit(server, &keyed("desk", "2024-03-01T12:00:00Z", "ab"));
        let newest = submit(server, &keyed("desk", "2024-03-02T12:00:00Z", "cd"));
        assert_eq!(newest["device_id"], 2);
        let guest = make(server, &json!({"name": "guest", "hosted_on": 2}));
        let typed = [
            json!({"name": "Old", "tags": ["a"]}),
            json!({"name": "New", "owner": "me", "tags": ["A", "b"]}),
        ];
        for (id, typed) in [1, 2].into_iter().zip(&typed) {
            done(&send(server, "PATCH", &format!("/api/devices/{id}"), typed));
        }
        let merged = done(&send(server, "POST", "/api/devices/1/merge", &json!({"from": 2})));
        assert_eq!(merged["typed"], json!({"name": "Old", "owner": "me", "tags": ["a", "b"]}));
        assert_eq!(
            (&merged["id"], &merged["benchmark_count"], &merged["hints"]),
            (&1.into(), &2.into(), &json!([]))
        );
        assert_eq!(merged["standing"]["global_score"], newest["global_score"], "the newest counts");
        assert_eq!(merged["last_benchmark"]["id"], newest["benchmark_id"]);
        assert_eq!(server.get("/api/devices/2").status, 404);
        assert_eq!(read(server, "/api/devices/1/benchmarks")["total"], 2);
        assert_eq!(read(server, &format!("/api/devices/{guest}"))["hosted_on"], 1);
        // Either's keys, and either's name.
        for (report, day) in
            [(keyed("x", "2024-03-03T12:00:00Z", "cd"), 3), (desktop("desk-2", "2024-03-04T12:00:00Z"), 4)]
        {
            assert_eq!(submit(server, &report)["device_id"], 1, "day {day}");
        }
        let taken = send(server, "POST", "/api/devices", &json!({"device_identifier": "desk-2"}));
        assert_eq!((taken.status, taken.problem().as_str()), (409, "name_taken"));
    });
}

#[test]
fn the_one_that_stays_has_the_version_that_is_asked_for_and_nothing_typed_is_lost_silently() {
    on_both_engines(|server| {
        let stays = json!({"name": "stays", "owner": "me", "tags": ["Lab"], "custom": {"rack": "1"}});
        let goes = json!({"name": "goes", "owner": "you", "price": 5, "tags": ["lab", "old"],
            "custom": {"rack": "2", "shelf": "3"}, "notes": "kept"});
        let (into, from) = (make(server, &stays), make(server, &goes));
        let merge = |if_match: &str| {
            let path = format!("/api/devices/{from}/merge");
            server.send(&request("POST", &path, &json!({"into": into})).header("If-Match", if_match))
        };
        let refused = merge("\"v9\"");
        assert_eq!((refused.status, refused.problem().as_str()), (412, "version_moved"));
        assert_eq!(server.get(&format!("/api/devices/{from}")).status, 200, "it is still there");
        let merged = merge("\"v1\"");
        assert!(merged.header("etag").unwrap().starts_with("\"v2."), "{}", merged.head);
        let merged = done(&merged);
        assert_eq!((&merged["notes"], &merged["price"]), (&json!("kept"), &json!(5.0)));
        let changes = server.send(&Request::new("GET", "/api/changes?action=device.merge").token()).json();
        assert_eq!(
            changes["items"][0]["detail"],
            json!({"from": from, "name": "goes",
                "typed_lost": {"name": "goes", "owner": "you", "custom": {"rack": "2"}}})
        );
    });
}

#[test]
fn a_row_without_reports_goes_into_the_one_that_has_them() {
    on_both_engines(|server| {
        submit(server, &keyed("desk", "2024-03-01T12:00:00Z", "ab"));
        let before = read(server, "/api/devices/1");
        let id = make(server, &json!({"name": "shelf", "location": "attic", "hosted_on": 1}));
        let merged = done(&send(server, "POST", &format!("/api/devices/{id}/merge"), &json!({"into": 1})));
        let score = |device: &Value| device["standing"]["global_score"].as_f64().unwrap();
        assert!((score(&merged) - score(&before)).abs() < 1e-6, "{}", merged["standing"]);
        assert_eq!(merged["standing"]["coverage"], before["standing"]["coverage"]);
        assert_eq!((&merged["last_snapshot"], &merged["kind"]), (&before["last_snapshot"], &before["kind"]));
        assert_eq!(
            merged["typed"],
            json!({"name": "shelf", "location": "attic"}),
            "it does not run on itself"
        );
    });
}

#[test]
fn what_is_no_other_device_is_refused() {
    on_both_engines(|server| {
        let id = make(server, &json!({"name": "nas"}));
        let path = format!("/api/devices/{id}/merge");
        for body in [json!({}), json!({"from": 1, "into": 2}), json!({"from": id}), json!({"to": 2})] {
            assert_eq!(send(server, "POST", &path, &body).status, 422, "{body}");
        }
        for (path, body) in
            [(path.as_str(), json!({"from": 99})), ("/api/devices/99/merge", json!({"into": id}))]
        {
            assert_eq!(send(server, "POST", path, &body).status, 404, "{body}");
        }
    });
}
