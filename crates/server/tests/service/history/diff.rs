//! GET /api/snapshots/{id}/diff/{other}.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use server::config::Settings;

use crate::engines::{on_both_engines, on_both_engines_with};
use crate::reports::{desktop, read, submit};

/// The desktop with what root would see.
fn with_root(at: &str) -> Value {
    let mut report = desktop("desk", at);
    report["hardware"]["ram"]["layout"] = json!([
        {"slot": "DIMM_A1", "size_mb": 8192, "serial_hash": "a1a1"},
        {"slot": "DIMM_B1", "size_mb": 8192, "serial_hash": "b1b1"},
    ]);
    report["hardware"]["storage"]["devices"][0]["serial_hash"] = "dddd".into();
    report["hardware"]["os"]["cmdline"] = "quiet".into();
    report
}

#[test]
fn what_changed_is_told_one_thing_at_a_time() {
    on_both_engines(|server| {
        submit(server, &with_root("2024-03-01T12:00:00Z"));
        let mut later = with_root("2024-03-02T12:00:00Z");
        let hardware = &mut later["hardware"];
        hardware["ram"]["layout"].as_array_mut().unwrap().remove(1);
        hardware["ram"]["used_mb"] = 9000.into();
        hardware["ram"]["installed_mb"] = 8192.into();
        hardware["os"]["kernel_version"] = "6.12.1".into();
        submit(server, &later);
        assert_json_snapshot!(read(server, "/api/snapshots/1/diff/2"), @r#"
        {
          "after_id": 2,
          "before_id": 1,
          "differences": [
            {
              "after": 8192,
              "before": 16384,
              "path": "ram.installed_mb",
              "section": "ram"
            },
            {
              "after": null,
              "before": {
                "serial_hash": "b1b1",
                "size_mb": 8192,
                "slot": "DIMM_B1"
              },
              "path": "ram.layout[DIMM_B1]",
              "section": "ram"
            },
            {
              "after": "6.12.1",
              "before": "6.12.0",
              "path": "os.kernel_version",
              "section": "os"
            }
          ],
          "same_device": true
        }
        "#);
        let back = read(server, "/api/snapshots/2/diff/1");
        assert_eq!(back["differences"][0]["after"], 16384);
        assert_eq!(read(server, "/api/snapshots/1/diff/1")["differences"], json!([]));
    });
}

#[test]
fn a_run_without_root_is_no_difference() {
    on_both_engines(|server| {
        let mut user = desktop("desk", "2024-03-01T12:00:00Z");
        user["missing"] = json!([{"path": "hardware.ram.layout", "reason": "needs_root"}]);
        submit(server, &user);
        let learned = submit(server, &with_root("2024-03-02T12:00:00Z"));
        assert_eq!(learned["snapshot_id"], 1, "what is read for the first time is filled in");
        let filled = read(server, "/api/snapshots/1");
        assert_eq!(filled["hardware"]["ram"]["layout"][1]["slot"], "DIMM_B1", "{filled}");
        user["started_at"] = "2024-03-03T12:00:00Z".into();
        user["hardware"]["os"]["kernel_version"] = "6.13.0".into();
        submit(server, &user);
        let told = read(server, "/api/snapshots/1/diff/2");
        assert_eq!(told["differences"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told["differences"][0]["path"], "os.kernel_version");
    });
}

#[test]
fn two_machines_are_compared_by_what_they_are() {
    on_both_engines(|server| {
        submit(server, &with_root("2024-03-01T12:00:00Z"));
        let mut other = with_root("2024-03-01T12:00:00Z");
        other["device_identifier"] = "desk-2".into();
        other["hardware"]["storage"]["devices"][0]["serial_hash"] = "eeee".into();
        other["hardware"]["ram"]["layout"][0]["serial_hash"] = "c1c1".into();
        other["hardware"]["cpu"]["model"] = "Sample i7".into();
        submit(server, &other);
        let told = read(server, "/api/snapshots/1/diff/2");
        assert_eq!(told["same_device"], false);
        assert_eq!(
            told["differences"],
            json!([{"section": "cpu", "path": "cpu.model", "before": "Sample i5-6500", "after": "Sample i7"}])
        );
    });
}

#[test]
fn the_public_is_told_of_no_serial_numbers() {
    let public = |settings| Settings { read_access: Some("public".to_owned()), ..settings };
    on_both_engines_with(public, |server| {
        submit(server, &with_root("2024-03-01T12:00:00Z"));
        let mut later = with_root("2024-03-02T12:00:00Z");
        later["hardware"]["ram"]["layout"][0]["serial_hash"] = "c1c1".into();
        later["hardware"]["os"]["cmdline"] = "quiet splash".into();
        submit(server, &later);
        let path = "/api/snapshots/1/diff/2";
        assert_eq!(read(server, path)["differences"], json!([]));
        let told = server.send(&crate::common::Request::new("GET", path).token());
        assert!(told.text().contains("c1c1") && told.text().contains("splash"), "{}", told.text());
    });
}

#[test]
fn a_snapshot_that_is_not_there_is_404() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        for path in ["1/diff/2", "2/diff/1", "x/diff/1", "1/diff/", "1/diff/-1"] {
            assert_eq!(server.get(&format!("/api/snapshots/{path}")).status, 404, "{path}");
        }
        assert_eq!(server.get("/api/snapshots/1/diff/1?colour=red").status, 422);
    });
}
