//! PATCH and PUT /api/devices/{id}, and PATCH /api/devices.

use serde_json::{Value, json};
use server::config::Settings;
use server::domain::typed::Typed;

use super::{done, make, request, send};
use crate::common::{Request, Server};
use crate::engines::{on_both_engines, on_both_engines_with};
use crate::reports::{desktop, read, submit};

const EVERYTHING: &str = r#"{"name": "Büro", "description": "under the desk", "asset_tag": "A-7", "location": "2nd floor",
    "owner": "Zoé", "tags": ["NAS", "été"], "kind": "vm", "status": "lent", "hosted_on": 2, "manufacturer": "Dell",
    "model": "XPS", "serial": "S-1", "purchased_from": "shop", "purchased_at": "2024-02-29", "price": 299.9,
    "currency": "EUR", "warranty_until": "2027-01-31", "power_idle_w": 6.5, "power_load_w": 41.0,
    "notes": "loud\nfan", "custom": {"rack": "B"}, "external_id": "glpi-7"}"#;

#[test]
fn what_people_typed_counts_and_no_report_touches_it() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        make(server, &json!({"name": "host"}));
        let typed: Value = serde_json::from_str(EVERYTHING).unwrap();
        let answer = send(server, "PATCH", "/api/devices/1", &typed);
        assert!(answer.header("etag").unwrap().starts_with("\"v2."), "{}", answer.head);
        let device = done(&answer);
        for field in Typed::FIELDS.iter().filter(|field| **field != "photo_doc_id") {
            assert_eq!(device[field], typed[field], "{field}");
        }
        assert_eq!((&device["typed"], &device["photo_doc_id"]), (&typed, &Value::Null));
        assert_eq!(device["reported"]["kind"], "bare_metal");
        assert_eq!(
            (&device["reported"]["hosted_on"], &device["model_key"]),
            (&Value::Null, &"dell xps".into())
        );
        submit(server, &desktop("desk", "2024-03-02T12:00:00Z"));
        let after = read(server, "/api/devices/1");
        assert_eq!(
            (&after["typed"], &after["version"], &after["benchmark_count"]),
            (&typed, &2.into(), &2.into())
        );
        for path in ["/api/benchmarks/1", "/api/snapshots/1"] {
            assert_eq!(read(server, path)["device_name"], "Büro");
        }
        assert!(server.get("/").text().contains("Büro"));
        assert!(server.get("/?kind=vm").text().contains("Büro"), "the ranking goes by the typed kind");
        let emptied = done(&send(server, "PUT", "/api/devices/1", &json!({"owner": "me"})));
        assert_eq!((&emptied["typed"], &emptied["name"]), (&json!({"owner": "me"}), &"desk".into()));
        assert_eq!((&emptied["kind"], &emptied["version"]), (&"bare_metal".into(), &3.into()));
    });
}

#[test]
fn the_version_moves_only_when_something_else_is_typed() {
    on_both_engines(|server| {
        let id = make(server, &json!({"name": "nas", "custom": {"rack": "B", "row": "1"}}));
        let path = format!("/api/devices/{id}");
        let version = |body: Value| done(&send(server, "PATCH", &path, &body))["version"].as_i64().unwrap();
        assert_eq!(version(json!({})), 1);
        assert_eq!(version(json!({"name": "nas", "status": null})), 1);
        assert_eq!(version(json!({"custom": {"row": null}})), 2);
        assert_eq!(read(server, &path)["custom"], json!({"rack": "B"}));
        assert_eq!(version(json!({"name": null})), 3);
        assert_eq!(read(server, &path)["name"], "nas", "its device_identifier");
    });
}

#[test]
fn of_twenty_changes_to_one_version_one_is_made() {
    on_both_engines(|server| {
        let id = make(server, &json!({"name": "nas"}));
        let path = format!("/api/devices/{id}");
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let change = |number: usize| {
                let body = json!({"notes": format!("change {number}")});
                let request = request("PATCH", &path, &body).header("If-Match", "\"v1\"");
                scope.spawn(move || server.send(&request).status)
            };
            let sent: Vec<_> = (0..20).map(change).collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
        assert_eq!((count(200), count(412)), (1, 19), "{statuses:?}");
        assert_eq!(read(server, &path)["version"], 2);
        for (tag, status) in [("2", 200), ("*", 200), ("\"v7\", \"v4\"", 200), ("W/\"v5\"", 412), ("x", 412)]
        {
            let body = json!({"notes": tag});
            let answer = server.send(&request("PUT", &path, &body).header("If-Match", tag));
            assert_eq!(answer.status, status, "{tag}: {}", answer.text());
        }
        let moved = server.send(&request("PATCH", &path, &json!({})).header("If-Match", "1"));
        assert_eq!(moved.problem(), "version_moved");
        let absent = server.send(&request("PATCH", "/api/devices/99", &json!({})).header("If-Match", "*"));
        assert_eq!(absent.status, 404);
    });
}

#[test]
fn what_does_not_fit_is_refused_with_its_path_and_nothing_changes() {
    on_both_engines(|server| {
        let id = make(server, &json!({"name": "a"}));
        let guest = make(server, &json!({"name": "b", "hosted_on": id}));
        let path = format!("/api/devices/{id}");
        for (body, paths) in [
            (json!({"price": -1, "status": "gone", "tags": ["a,b"]}), vec!["price", "status", "tags[0]"]),
            (json!({"colour": "red"}), vec!["colour"]),
            (json!({"name": "a\u{0}b"}), vec!["name"]),
            (json!({"purchased_at": "29.02.2024"}), vec!["purchased_at"]),
            (json!({"custom": {"a": {"b": 1}}}), vec!["custom.a"]),
            (json!({"hosted_on": 99, "photo_doc_id": 98}), vec!["hosted_on", "photo_doc_id"]),
            (json!({"hosted_on": id}), vec!["hosted_on"]),
            (json!({"hosted_on": guest}), vec!["hosted_on"]),
            (json!([]), vec!["$"]),
        ] {
            for method in ["PATCH", "PUT"] {
                let answer = send(server, method, &path, &body);
                assert_eq!(
                    (answer.status, answer.paths()),
                    (422, paths.iter().map(ToString::to_string).collect()),
                    "{body}"
                );
            }
        }
        let twice = Request::new("PATCH", &path).token().header("Content-Type", "application/json");
        let answer = server.send(&twice.body("{\"name\": \"x\", \"name\": \"y\"}"));
        assert_eq!((answer.status, answer.paths()), (422, vec!["name".to_owned()]), "{}", answer.text());
        assert_eq!(read(server, &path)["version"], 1);
    });
}

#[test]
fn one_change_for_many_is_made_of_all_or_of_none() {
    on_both_engines(|server| {
        let ids = ["a", "b", "c"].map(|name| make(server, &json!({"name": name})));
        let patch = |body: Value| send(server, "PATCH", "/api/devices", &body);
        let done = done(&patch(json!({"ids": ids, "change": {"location": "attic"}})));
        assert_eq!(
            done["items"],
            json!([{"id": 1, "version": 2}, {"id": 2, "version": 2}, {"id": 3, "version": 2}])
        );
        for (body, path) in [
            (json!({"ids": [1, 99], "change": {"location": "cellar"}}), "ids[1]"),
            (json!({"ids": [1, 2], "change": {"location": "cellar", "price": -1}}), "change.price"),
            (json!({"ids": [1, 2], "change": {"hosted_on": 2}}), "change.hosted_on"),
            (json!({"ids": [], "change": {}}), "ids"),
            (json!({"ids": [1]}), "change"),
        ] {
            let answer = patch(body.clone());
            assert_eq!(
                (answer.status, answer.paths()),
                (422, vec![path.to_owned()]),
                "{body}: {}",
                answer.text()
            );
        }
        for id in ids {
            assert_eq!(read(server, &format!("/api/devices/{id}"))["location"], "attic");
        }
    });
}

#[test]
fn the_public_does_not_see_what_people_keep_to_themselves() {
    let public = |settings| Settings { read_access: Some("public".to_owned()), ..settings };
    on_both_engines_with(public, |server: &Server| {
        let body = json!({"name": "nas", "price": 987_654, "currency": "CHF", "owner": "hidden-owner",
            "location": "hidden-location", "serial": "hidden-serial", "purchased_from": "hidden-shop",
            "asset_tag": "hidden-tag", "notes": "hidden-notes", "custom": {"k": "hidden-custom"}, "model": "EQ12",
            "description": "hidden-description", "external_id": "hidden-id", "purchased_at": "1999-04-05",
            "warranty_until": "1999-06-07"});
        make(server, &body);
        make(server, &json!({"name": "other"}));
        let mut report = crate::reports::desktop("nas", "2024-03-01T12:00:00Z");
        report["note"] = "hidden-remark".into();
        report["hardware"]["os"]["hostname"] = "hidden-host".into();
        report["hardware"]["os"]["fqdn"] = "hidden-host.example".into();
        report["missing"] =
            json!([{"path": "hardware.sensors", "reason": "odd", "advice": "hidden-advice in /home/anna"}]);
        crate::reports::submit(server, &report);
        let exclude = json!({"excluded": true, "excluded_reason": "hidden-reason"});
        done(&send(server, "PATCH", "/api/benchmarks/1", &exclude));
        for path in [
            "/api/devices",
            "/api/devices/1",
            "/api/devices?search=hidden",
            "/api/devices/1/benchmarks",
            "/api/devices/1/snapshots",
            "/api/benchmarks",
            "/api/benchmarks/1",
            "/api/snapshots/1",
            "/api/compare?devices=1,2",
            "/api/export/devices.json",
            "/api/export/devices.csv",
            "/api/export/benchmarks.json",
            "/api/export/benchmarks.csv",
            "/metrics/devices",
            "/",
            "/devices/1-nas",
        ] {
            let answer = server.get(path);
            let text = answer.text();
            assert_eq!(answer.status, 200, "{path}: {text}");
            for hidden in ["hidden-", "987654", "CHF", "1999-0"] {
                assert!(!text.contains(hidden), "{path} shows {hidden}: {text}");
            }
        }
        for word in ["hidden", "1999", "987654", "chf"] {
            assert_eq!(read(server, &format!("/api/devices?search={word}"))["total"], 0, "{word}");
        }
        assert_eq!(read(server, "/api/devices?search=nas")["total"], 1);
        assert_eq!(read(server, "/api/devices/1")["model"], "EQ12");
        for (path, shown) in [
            ("/api/devices/1", "hidden-owner"),
            ("/api/devices?search=hidden-description", "hidden-id"),
            ("/api/devices/1", "hidden-host.example"),
            ("/api/benchmarks/1", "hidden-advice"),
            ("/api/export/benchmarks.csv", "hidden-remark"),
            ("/devices/1-nas", "hidden-host"),
        ] {
            let mine = server.send(&Request::new("GET", path).token());
            assert!(mine.text().contains(shown), "{path}: {}", mine.text());
        }
    });
}
