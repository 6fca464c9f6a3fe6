//! GET /api/benchmarks, /api/benchmarks/{id}, /api/benchmarks/{id}/raw and /api/devices/{id}/benchmarks.

use insta::assert_json_snapshot;
use serde_json::Value;

use crate::common::Request;
use crate::engines::on_both_engines;
use crate::reports::{desktop, old_client, read, submit};

const FULL: &str = include_str!("../../../../report/tests/golden/full.json");
const OLD_CLIENT: &str = include_str!("../../../../report/tests/golden/old_client.json");

#[test]
#[expect(clippy::too_many_lines, reason = "the whole answer stands in it")]
fn a_benchmark_is_served_with_every_measurement() {
    on_both_engines(|server| {
        let submitted = submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        let served = read(server, "/api/benchmarks/1");
        for field in ["report_id", "device_id", "snapshot_id", "global_score", "coverage", "verdict"] {
            assert_eq!(served[field], submitted[field], "{field}");
        }
        assert_json_snapshot!(served, {
            ".received_at" => "[time]",
            ".report_id" => "[sha256]",
            ".global_score" => "[score]",
            ".ci_low" => "[score]",
            ".ci_high" => "[score]",
            ".components.*.score" => "[score]",
            ".components.*.ci_low" => "[score]",
            ".components.*.ci_high" => "[score]",
        }, @r#"
        {
          "bench_script_version": "0.1.0",
          "ci_high": "[score]",
          "ci_low": "[score]",
          "components": {
            "cpu": {
              "ci_high": "[score]",
              "ci_low": "[score]",
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
              "ci_high": "[score]",
              "ci_low": "[score]",
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
          "device_id": 1,
          "device_name": "desk",
          "effective_at": "2024-03-01T12:00:00.000Z",
          "environment": {
            "before": {
              "load_1m": 0.1
            },
            "components": {
              "disk": {
                "background_percent": 30.0
              }
            }
          },
          "excluded": false,
          "excluded_reason": null,
          "finished_at": "2024-03-01T12:00:00.000Z",
          "global_score": "[score]",
          "hardware": {
            "cpu": {
              "cores": 4,
              "governor": "powersave",
              "model": "Sample i5-6500",
              "threads": 4,
              "vendor": "Intel"
            },
            "gpu": {
              "driver": "amdgpu",
              "model": "Sample RX",
              "pci_id": "1002:7480",
              "vendor": "AMD"
            },
            "gpus": [
              {
                "driver": "amdgpu",
                "model": "Sample RX",
                "pci_id": "1002:7480",
                "vendor": "AMD"
              }
            ],
            "os": {
              "hostname": "desk",
              "kernel_version": "6.12.0",
              "name": "debian",
              "version": "13",
              "virtualization_type": "none"
            },
            "ram": {
              "installed_mb": 16384,
              "total_mb": 15900,
              "used_mb": 2000
            },
            "storage": {
              "devices": [
                {
                  "capacity_gb": 250.1,
                  "name": "/dev/sda",
                  "temperature_c": 31.0,
                  "type": "SSD"
                }
              ],
              "partitions": [
                {
                  "fs_type": "ext4",
                  "mount_point": "/",
                  "name": "/dev/sda1",
                  "total_gb": 245.0,
                  "used_gb": 40.5
                }
              ]
            }
          },
          "id": 1,
          "label": "after the new cooler",
          "measurements": [
            {
              "ci_high": 1505.0,
              "ci_low": 1495.0,
              "direction": "higher",
              "metric": "cpu.events_per_sec_single",
              "note": null,
              "params": {
                "threads": 1
              },
              "reasons": [
                {
                  "code": "governor_powersave",
                  "evidence": "governor powersave"
                }
              ],
              "samples": [
                1495.0,
                1497.0,
                1499.0,
                1500.0,
                1501.0,
                1503.0,
                1505.0
              ],
              "spread": 3.0,
              "test_version": 1,
              "unit": "events/s",
              "value": 1500.0,
              "variant": null,
              "verdict": "valid"
            },
            {
              "ci_high": 510.0,
              "ci_low": 490.0,
              "direction": "higher",
              "metric": "disk.read_mb_s",
              "note": null,
              "params": {
                "direct": true,
                "path": "/srv"
              },
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
              "samples": [
                490.0,
                495.0,
                499.0,
                500.0,
                501.0,
                505.0,
                510.0
              ],
              "spread": 5.0,
              "test_version": 1,
              "unit": "MB/s",
              "value": 500.0,
              "variant": null,
              "verdict": "suspect"
            },
            {
              "ci_high": null,
              "ci_low": null,
              "direction": "higher",
              "metric": "disk.read_mb_s",
              "note": null,
              "params": {
                "path": "/mnt/slow"
              },
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
              "samples": [],
              "spread": null,
              "test_version": null,
              "unit": "MB/s",
              "value": 120.0,
              "variant": "/mnt/slow",
              "verdict": "suspect"
            },
            {
              "ci_high": null,
              "ci_low": null,
              "direction": "higher",
              "metric": "disk.iops_write",
              "note": null,
              "params": null,
              "reasons": [],
              "samples": [],
              "spread": null,
              "test_version": null,
              "unit": "IOPS",
              "value": 800.0,
              "variant": null,
              "verdict": "valid"
            }
          ],
          "missing": [
            {
              "advice": "give --server",
              "path": "results.network",
              "reason": "no_server"
            }
          ],
          "note": null,
          "notes": [
            {
              "code": "governor_powersave",
              "evidence": "governor powersave"
            }
          ],
          "preset": "normal",
          "received_at": "[time]",
          "report_id": "[sha256]",
          "score_basis": "v0",
          "snapshot_id": 1,
          "started_at": "2024-03-01T12:00:00.000Z",
          "verdict": "suspect"
        }
        "#);
    });
}

#[test]
fn a_list_has_the_same_without_what_is_long() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        let list = read(server, "/api/benchmarks");
        let mut one = read(server, "/api/benchmarks/1");
        for long in ["measurements", "missing", "environment", "hardware"] {
            assert!(one.as_object_mut().unwrap().remove(long).is_some(), "{long}");
        }
        assert_eq!(list["items"], serde_json::json!([one]));
        assert_eq!(read(server, "/api/devices/1/benchmarks"), list);
    });
}

#[test]
fn every_field_of_a_full_report_comes_back() {
    on_both_engines(|server| {
        let sent: Value = serde_json::from_str(FULL).unwrap();
        submit(server, &sent);
        let served = read(server, "/api/benchmarks/1");
        for field in ["environment", "missing", "label", "note", "report_id", "preset", "started_at"] {
            assert_eq!(served[field], sent[field], "{field}");
        }
        let measurements = sent["measurements"].as_array().unwrap();
        for (sent, served) in measurements.iter().zip(served["measurements"].as_array().unwrap()) {
            for field in ["metric", "unit", "value", "samples", "spread", "ci_low", "ci_high", "params"] {
                assert_eq!(served[field], sent[field], "{field} of {}", sent["metric"]);
            }
        }
        let hardware = &served["hardware"];
        for (section, sent) in sent["hardware"].as_object().unwrap() {
            assert_eq!(&hardware[section], sent, "{section}");
        }
        assert_eq!(hardware["gpu"], sent["hardware"]["gpus"][0]);
    });
}

#[test]
fn figures_of_a_summary_are_measurements_without_samples() {
    on_both_engines(|server| {
        submit(server, &serde_json::from_str(OLD_CLIENT).unwrap());
        let served = read(server, "/api/benchmarks/1");
        let measurements = served["measurements"].as_array().unwrap();
        let read = measurements.iter().find(|m| m["metric"] == "disk.read_mb_s").unwrap();
        assert_json_snapshot!(read, @r#"
        {
          "ci_high": null,
          "ci_low": null,
          "direction": "higher",
          "metric": "disk.read_mb_s",
          "note": null,
          "params": null,
          "reasons": [],
          "samples": [],
          "spread": null,
          "test_version": null,
          "unit": "MB/s",
          "value": 171.2,
          "variant": null,
          "verdict": "valid"
        }
        "#);
        assert_eq!(served["score_basis"], "client");
        assert_eq!(served["hardware"]["storage"]["devices"][0]["name"], "/dev/sda");
        assert_eq!(served["hardware"]["storage"]["partitions"][0]["name"], "/dev/sda1");
    });
}

#[test]
fn the_raw_report_is_what_was_sent_byte_for_byte() {
    on_both_engines(|server| {
        let sent = format!(
            "{{ \"unheard_of\": 1e3,\n{}",
            desktop("desk", "2024-03-01T12:00:00Z").to_string().split_off(1)
        );
        assert_eq!(server.send(&Request::report(sent.as_str())).status, 200);
        let raw =
            server.send(&Request::new("GET", "/api/benchmarks/1/raw").header("Accept-Encoding", "gzip"));
        assert_eq!((raw.status, raw.text()), (200, sent.as_str()));
        assert_eq!(raw.header("content-type"), Some("application/json"));
        assert_eq!(raw.header("content-length"), Some(sent.len().to_string().as_str()));
        assert_eq!(raw.header("x-content-type-options"), Some("nosniff"));
    });
}

#[test]
fn history_goes_by_the_time_of_measuring() {
    on_both_engines(|server| {
        for at in ["2024-03-02T12:00:00Z", "2024-03-03T12:00:00Z", "2024-03-01T12:00:00Z"] {
            submit(server, &old_client("desk", at, 50.0));
        }
        submit(server, &old_client("other", "2024-03-02T18:00:00Z", 50.0));
        let ids = |path: &str| -> Vec<i64> {
            read(server, path)["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|b| b["id"].as_i64().unwrap())
                .collect()
        };
        assert_eq!(ids("/api/devices/1/benchmarks"), [2, 1, 3]);
        assert_eq!(ids("/api/benchmarks"), [2, 4, 1, 3]);
    });
}

#[test]
fn a_deleted_benchmark_is_gone_and_so_is_its_report() {
    on_both_engines(|server| {
        let report = desktop("desk", "2024-03-01T12:00:00Z");
        submit(server, &report);
        let delete = Request::new("DELETE", "/api/benchmarks/1");
        assert_eq!(server.send(&delete).status, 401);
        assert_eq!(server.send(&delete.clone().token()).status, 204);
        assert_eq!(server.send(&delete.token()).status, 404);
        assert_eq!(server.get("/api/benchmarks/1").status, 404);
        let replay = server.send(&Request::report(report.to_string()));
        assert_eq!((replay.status, replay.problem().as_str()), (410, "deleted"));
    });
}
