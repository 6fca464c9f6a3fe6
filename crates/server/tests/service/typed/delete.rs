//! DELETE /api/devices/{id}.

use serde_json::json;

use super::{done, make, send};
use crate::common::Request;
use crate::engines::on_both_engines;
use crate::reports::{desktop, read, submit};

#[test]
fn a_device_goes_by_its_name_with_everything_and_its_reports_stay_away() {
    on_both_engines(|server| {
        let report = desktop("desk", "2024-03-01T12:00:00Z");
        submit(server, &report);
        submit(server, &desktop("desk", "2024-03-02T12:00:00Z"));
        let guest = make(server, &json!({"name": "guest", "hosted_on": 1}));
        done(&send(server, "PATCH", "/api/devices/1", &json!({"name": "Büro"})));
        let delete =
            |query: &str| server.send(&Request::new("DELETE", &format!("/api/devices/1{query}")).token());
        for query in ["", "?confirm=desk", "?confirm="] {
            let refused = delete(query);
            assert_eq!((refused.status, refused.problem().as_str()), (422, "not_confirmed"), "{query}");
            assert_eq!(refused.paths(), ["confirm"]);
            assert!(refused.text().contains("2 benchmarks, 1 hardware snapshots"), "{}", refused.text());
        }
        let moved =
            Request::new("DELETE", "/api/devices/1?confirm=B%C3%BCro").token().header("If-Match", "1");
        assert_eq!(server.send(&moved).status, 412);
        let deleted = done(&delete("?confirm=B%C3%BCro"));
        let gone = json!({"benchmarks": 2, "snapshots": 1, "links": 0, "documents": 0});
        assert_eq!(deleted, json!({"id": 1, "deleted": gone}));
        for path in ["/api/devices/1", "/api/benchmarks/1", "/api/snapshots/1", "/api/devices/1/benchmarks"] {
            assert_eq!(server.get(path).status, 404, "{path}");
        }
        assert_eq!(delete("?confirm=B%C3%BCro").status, 404);
        let replayed = server.send(&Request::report(report.to_string()));
        assert_eq!(replayed.status, 410, "{}", replayed.text());
        let orphan = read(server, &format!("/api/devices/{guest}"));
        assert_eq!((&orphan["hosted_on"], &orphan["version"]), (&json!(null), &json!(2)));
        let again = submit(server, &desktop("desk", "2024-03-03T12:00:00Z"));
        assert_eq!(again["device_id"], 3, "a new device");
    });
}

#[test]
fn its_keys_and_what_others_were_told_of_it_go_too() {
    on_both_engines(|server| {
        let keyed = |name: &str, at: &str, key: &str| {
            let mut report = desktop(name, at);
            report["identity"] = json!({"board_serial_hash": key.repeat(32)});
            report
        };
        submit(server, &keyed("desk", "2024-03-01T12:00:00Z", "ab"));
        let second = submit(server, &keyed("desk", "2024-03-01T13:00:00Z", "cd"))["device_id"].clone();
        let path = format!("/api/devices/{second}");
        assert_eq!(read(server, &path)["hints"], json!([{"kind": "merge_with", "device_ids": [1]}]));
        done(&server.send(&Request::new("DELETE", "/api/devices/1?confirm=desk").token()));
        assert_eq!(read(server, &path)["hints"], json!([]));
        let renamed = submit(server, &keyed("other", "2024-03-02T12:00:00Z", "ab"));
        assert_eq!(renamed["device_id"], 3, "the key is nobody's");
    });
}
