//! GET /api/devices and GET /api/devices/{id}.

use insta::assert_json_snapshot;

use crate::engines::on_both_engines;
use crate::reports::{desktop, old_client, read, submit};

#[test]
#[expect(clippy::too_many_lines, reason = "the whole answer stands in it")]
fn a_device_is_served_with_what_reports_say_and_how_it_stands() {
    on_both_engines(|server| {
        let submitted = submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        let served = read(server, "/api/devices/1");
        assert_eq!(served["standing"]["global_score"], submitted["global_score"]);
        assert_json_snapshot!(served, {
            ".last_benchmark.global_score" => "[score]",
            ".standing.global_score" => "[score]",
            ".standing.ci_low" => "[score]",
            ".siblings.median" => "[score]",
            ".standing.ci_high" => "[score]",
            ".standing.components.*.score" => "[score]",
            ".standing.components.*.ci_low" => "[score]",
            ".standing.components.*.ci_high" => "[score]",
            ".created_at" => "[time]",
            ".updated_at" => "[time]",
        }, @r#"
        {
          "asset_tag": null,
          "benchmark_count": 1,
          "created_at": "[time]",
          "currency": null,
          "custom": {},
          "description": null,
          "device_identifier": "desk",
          "external_id": null,
          "hints": [],
          "hosted_on": null,
          "id": 1,
          "kind": "bare_metal",
          "last_benchmark": {
            "coverage": 0.55,
            "effective_at": "2024-03-01T12:00:00.000Z",
            "global_score": "[score]",
            "id": 1,
            "reason": "busy",
            "verdict": "suspect"
          },
          "last_snapshot": {
            "first_seen_at": "2024-03-01T12:00:00.000Z",
            "id": 1,
            "last_seen_at": "2024-03-01T12:00:00.000Z"
          },
          "location": null,
          "manufacturer": null,
          "model": "Sample i5-6500",
          "model_key": "sample i5-6500 (bare_metal)",
          "name": "desk",
          "notes": null,
          "owner": null,
          "photo_doc_id": null,
          "power_idle_w": null,
          "power_load_w": null,
          "price": null,
          "purchased_at": null,
          "purchased_from": null,
          "reported": {
            "fqdn": null,
            "hosted_on": null,
            "hostname": "desk",
            "kind": "bare_metal",
            "model": "Sample i5-6500"
          },
          "serial": null,
          "siblings": {
            "count": 1,
            "median": "[score]",
            "model_key": "sample i5-6500 (bare_metal)",
            "rank": 1,
            "ranked": 1
          },
          "standing": {
            "ci_high": "[score]",
            "ci_low": "[score]",
            "components": {
              "cpu": {
                "benchmark_id": 1,
                "ci_high": "[score]",
                "ci_low": "[score]",
                "effective_at": "2024-03-01T12:00:00.000Z",
                "preset": "normal",
                "reasons": [
                  {
                    "code": "governor_powersave",
                    "evidence": "governor powersave"
                  }
                ],
                "score": "[score]",
                "verdict": "valid"
              },
              "disk": {
                "benchmark_id": 1,
                "ci_high": "[score]",
                "ci_low": "[score]",
                "effective_at": "2024-03-01T12:00:00.000Z",
                "preset": "normal",
                "reasons": [
                  {
                    "code": "busy",
                    "evidence": "background load 30.0 %"
                  },
                  {
                    "code": "governor_powersave",
                    "evidence": "governor powersave"
                  }
                ],
                "score": "[score]",
                "verdict": "suspect"
              }
            },
            "coverage": 0.55,
            "global_score": "[score]",
            "ranked": true,
            "score_basis": "v0",
            "verdict": "suspect"
          },
          "status": "in_use",
          "tags": [],
          "typed": {},
          "updated_at": "[time]",
          "version": 1,
          "warranty_until": null
        }
        "#);
    });
}

#[test]
fn devices_are_listed_by_name() {
    on_both_engines(|server| {
        for name in ["nas", "Büro", "attic"] {
            submit(server, &old_client(name, "2024-03-01T12:00:00Z", 50.0));
        }
        let list = read(server, "/api/devices");
        let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| &item["name"]).collect();
        assert_eq!(names, ["attic", "Büro", "nas"]);
        assert_eq!(list["items"][2], read(server, "/api/devices/1"));
    });
}

#[test]
fn without_devices_the_list_is_empty() {
    on_both_engines(|server| {
        assert_json_snapshot!(read(server, "/api/devices"), @r#"
        {
          "items": [],
          "next_cursor": null,
          "page": 1,
          "page_size": 50,
          "total": 0
        }
        "#);
    });
}

#[test]
fn scores_of_clients_stand_but_are_not_ranked() {
    on_both_engines(|server| {
        submit(server, &old_client("cellar", "2024-03-01T12:00:00Z", 50.0));
        let standing = &read(server, "/api/devices/1")["standing"];
        assert_eq!(standing["score_basis"], "client");
        assert_eq!((&standing["global_score"], &standing["coverage"]), (&50.0.into(), &0.5.into()));
        assert_eq!(standing["ranked"], false);
    });
}

#[test]
fn a_guest_names_its_host() {
    on_both_engines(|server| {
        let key = "ab".repeat(32);
        let mut host = desktop("host", "2024-03-01T12:00:00Z");
        host["identity"] = serde_json::json!({"smbios_uuid_hash": key});
        let host = submit(server, &host);
        let mut guest = desktop("guest", "2024-03-01T13:00:00Z");
        guest["identity"] = serde_json::json!({"host_hash": key});
        guest["hardware"]["os"]["virtualization_type"] = "lxc".into();
        let guest = submit(server, &guest);
        let device = read(server, &format!("/api/devices/{}", guest["device_id"]));
        assert_eq!((&device["kind"], &device["hosted_on"]), (&"container".into(), &host["device_id"]));
        assert_eq!(device["reported"]["hosted_on"], host["device_id"]);
    });
}

#[test]
fn a_device_stands_among_those_of_its_model() {
    on_both_engines(|server| {
        // The same machine with a processor that is so much faster.
        for (name, speed) in [("a", 1500), ("b", 900), ("c", 1200), ("d", 1200)] {
            let mut report = desktop(name, "2024-03-01T12:00:00Z");
            report["measurements"][0]["value"] = speed.into();
            submit(server, &report);
        }
        let mut other = desktop("other", "2024-03-01T12:00:00Z");
        other["hardware"]["cpu"]["model"] = "Another".into();
        submit(server, &other);
        let devices: Vec<_> = (1..=5).map(|id| read(server, &format!("/api/devices/{id}"))).collect();
        let scores: Vec<_> =
            devices.iter().map(|device| device["standing"]["global_score"].as_f64().unwrap()).collect();
        let siblings: Vec<_> = devices.iter().map(|device| &device["siblings"]).collect();
        let ranks: Vec<_> = siblings.iter().map(|siblings| siblings["rank"].as_i64().unwrap()).collect();
        assert_eq!(ranks, [1, 4, 2, 2, 1]);
        let counts: Vec<_> = siblings.iter().map(|siblings| siblings["count"].as_i64().unwrap()).collect();
        assert_eq!(counts, [4, 4, 4, 4, 1]);
        assert_eq!(siblings[0]["median"].as_f64(), Some(scores[2]));
        assert_eq!(siblings[0]["model_key"], devices[0]["model_key"]);
        let groups = read(server, "/api/devices/groups?by=model");
        let group = &groups["items"][0];
        assert_eq!((&group["key"], &group["count"]), (&devices[0]["model_key"], &4.into()));
        assert_eq!(
            (&group["score"]["ranked"], group["score"]["median"].as_f64()),
            (&4.into(), Some(scores[2]))
        );
        assert!(
            group["score"]["q1"].as_f64().unwrap() < scores[2]
                && group["score"]["spread"].as_f64().unwrap() > 0.0
        );
        assert!(read(server, "/api/devices")["items"][0].get("siblings").is_none(), "lists do not say");
    });
}
