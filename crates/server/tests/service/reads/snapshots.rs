//! GET /api/devices/{id}/snapshots and GET /api/snapshots/{id}.

use insta::assert_json_snapshot;

use crate::engines::on_both_engines;
use crate::reports::{desktop, old_client, read, submit};

#[test]
fn a_snapshot_has_facts_and_no_readings() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        assert_json_snapshot!(read(server, "/api/snapshots/1"), @r#"
        {
          "device_id": 1,
          "device_name": "desk",
          "first_seen_at": "2024-03-01T12:00:00.000Z",
          "hardware": {
            "cpu": {
              "cores": 4,
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
              "kernel_version": "6.12.0",
              "name": "debian",
              "version": "13",
              "virtualization_type": "none"
            },
            "ram": {
              "installed_mb": 16384
            },
            "storage": {
              "devices": [
                {
                  "capacity_gb": 250.1,
                  "name": "/dev/sda",
                  "type": "SSD"
                }
              ],
              "partitions": [
                {
                  "fs_type": "ext4",
                  "mount_point": "/",
                  "name": "/dev/sda1",
                  "total_gb": 245.0
                }
              ]
            }
          },
          "id": 1,
          "last_seen_at": "2024-03-01T12:00:00.000Z"
        }
        "#);
    });
}

#[test]
fn one_card_of_an_old_client_is_served_both_ways() {
    on_both_engines(|server| {
        submit(server, &old_client("cellar", "2024-03-01T12:00:00Z", 50.0));
        let hardware = &read(server, "/api/snapshots/1")["hardware"];
        assert_eq!(hardware["gpu"]["model"], "Old card");
        assert_eq!(hardware["gpus"], serde_json::json!([hardware["gpu"]]));
    });
}

#[test]
fn hardware_over_time_is_listed_newest_first() {
    on_both_engines(|server| {
        let mut report = desktop("desk", "2024-03-01T12:00:00Z");
        submit(server, &report);
        report["started_at"] = "2024-03-02T12:00:00Z".into();
        submit(server, &report);
        report["started_at"] = "2024-03-03T12:00:00Z".into();
        report["hardware"]["os"]["kernel_version"] = "6.12.1".into();
        submit(server, &report);
        assert_json_snapshot!(read(server, "/api/devices/1/snapshots"), @r#"
        {
          "items": [
            {
              "device_id": 1,
              "device_name": "desk",
              "first_seen_at": "2024-03-03T12:00:00.000Z",
              "id": 2,
              "last_seen_at": "2024-03-03T12:00:00.000Z"
            },
            {
              "device_id": 1,
              "device_name": "desk",
              "first_seen_at": "2024-03-01T12:00:00.000Z",
              "id": 1,
              "last_seen_at": "2024-03-02T12:00:00.000Z"
            }
          ],
          "next_cursor": null,
          "page": 1,
          "page_size": 50,
          "total": 2
        }
        "#);
        assert_json_snapshot!(read(server, "/api/devices/1")["last_snapshot"], @r#"
        {
          "first_seen_at": "2024-03-03T12:00:00.000Z",
          "id": 2,
          "last_seen_at": "2024-03-03T12:00:00.000Z"
        }
        "#);
    });
}
