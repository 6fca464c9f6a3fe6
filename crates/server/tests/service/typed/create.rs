//! POST /api/devices.

use serde_json::{Value, json};

use super::{done, make, send};
use crate::engines::on_both_engines;
use crate::reports::{desktop, read, submit};

#[test]
fn a_device_is_made_and_its_reports_find_it() {
    on_both_engines(|server| {
        let answer = send(server, "POST", "/api/devices", &json!({"name": " desk ", "tags": ["office"]}));
        assert_eq!((answer.status, answer.header("location")), (201, Some("/api/devices/1")));
        assert!(answer.header("etag").unwrap().starts_with("\"v1."), "{}", answer.head);
        let made = done(&answer);
        assert_eq!((&made["device_identifier"], &made["name"]), (&"desk".into(), &"desk".into()));
        assert_eq!((&made["reported"]["kind"], &made["kind"]), (&Value::Null, &"bare_metal".into()));
        assert_eq!((&made["benchmark_count"], &made["last_benchmark"]), (&0.into(), &Value::Null));
        for page in ["/", "/d/1", "/devices/1-desk"] {
            assert!(server.get(page).status < 400, "{page}");
        }
        assert_eq!(submit(server, &desktop("desk", "2024-03-01T12:00:00Z"))["device_id"], 1);
        let reported = read(server, "/api/devices/1");
        assert_eq!((&reported["benchmark_count"], &reported["tags"]), (&1.into(), &json!(["office"])));
        assert_eq!(reported["version"], 1);
    });
}

#[test]
fn a_container_finds_the_row_that_was_made_for_it() {
    on_both_engines(|server| {
        let id = make(server, &json!({"device_identifier": "web", "name": "The web server"}));
        let mut report = desktop("web", "2024-03-01T12:00:00Z");
        report["hardware"]["os"]["virtualization_type"] = "lxc".into();
        assert_eq!(submit(server, &report)["device_id"], id);
        let device = read(server, "/api/devices/1");
        assert_eq!((&device["kind"], &device["name"]), (&"container".into(), &"The web server".into()));
    });
}

#[test]
fn a_name_that_is_taken_or_missing_is_refused() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        let post = |body: Value| send(server, "POST", "/api/devices", &body);
        let taken = post(json!({"name": "desk"}));
        assert_eq!((taken.status, taken.problem().as_str()), (409, "name_taken"));
        assert!(taken.json()["detail"].as_str().unwrap().contains("device 1"), "{}", taken.text());
        for (body, path) in [
            (json!({}), "name"),
            (json!({"name": "  "}), "name"),
            (json!({"device_identifier": "a\nb"}), "device_identifier"),
            (json!({"device_identifier": 7}), "device_identifier"),
            (json!({"name": "x", "hosted_on": 77}), "hosted_on"),
            (json!({"name": "x", "id": 7}), "id"),
        ] {
            let answer = post(body.clone());
            assert_eq!(
                (answer.status, answer.paths()),
                (422, vec![path.to_owned()]),
                "{body}: {}",
                answer.text()
            );
        }
        assert_eq!(read(server, "/api/devices")["total"], 1);
        assert_eq!(make(server, &json!({"device_identifier": "desk-2", "name": "desk"})), 2);
    });
}
