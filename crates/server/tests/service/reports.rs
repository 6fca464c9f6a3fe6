//! Reports to fill a server with: small, and shaped like real ones.

use serde_json::{Value, json};

use crate::common::{Request, Server};

/// A small desktop, measured with our own agent at that time: a fast processor, a busy disk, no network.
pub(crate) fn desktop(name: &str, at: &str) -> Value {
    json!({
        "schema_version": 1,
        "device_identifier": name,
        "bench_script_version": "0.1.0",
        "started_at": at,
        "finished_at": at,
        "preset": "normal",
        "label": "after the new cooler",
        "hardware": {
            "cpu": {"vendor": "Intel", "model": "Sample i5-6500", "cores": 4, "threads": 4, "governor": "powersave"},
            "ram": {"total_mb": 15900, "used_mb": 2000, "installed_mb": 16384},
            "gpus": [{"vendor": "AMD", "model": "Sample RX", "driver": "amdgpu", "pci_id": "1002:7480"}],
            "storage": {
                "devices": [{"name": "sda", "type": "SSD", "capacity_gb": 250.1, "temperature_c": 31}],
                "partitions": [{"name": "sda1", "mount_point": "/", "fs_type": "ext4", "used_gb": 40.5, "total_gb": 245}]
            },
            "os": {"name": "debian", "version": "13", "kernel_version": "6.12.0", "hostname": "desk",
                   "virtualization_type": "none"}
        },
        "environment": {
            "before": {"load_1m": 0.1},
            "components": {"disk": {"background_percent": 30}}
        },
        "results": {"disk": {"iops_write": 800}, "global_score": 1},
        "measurements": [
            {"metric": "cpu.events_per_sec_single", "unit": "events/s", "value": 1500, "test_version": 1,
             "samples": [1495, 1497, 1499, 1500, 1501, 1503, 1505], "spread": 3, "ci_low": 1495, "ci_high": 1505,
             "params": {"threads": 1}},
            {"metric": "disk.read_mb_s", "value": 500, "test_version": 1,
             "samples": [490, 495, 499, 500, 501, 505, 510], "spread": 5, "ci_low": 490, "ci_high": 510,
             "params": {"path": "/srv", "direct": true}},
            {"metric": "disk.read_mb_s", "value": 120, "params": {"path": "/mnt/slow"}}
        ],
        "missing": [{"path": "results.network", "reason": "no_server", "advice": "give --server"}]
    })
}

/// What a client sends that knows scores only.
pub(crate) fn old_client(name: &str, at: &str, score: f64) -> Value {
    json!({
        "device_identifier": name,
        "started_at": at,
        "hardware": {"gpu": {"model": "Old card"}},
        "results": {"cpu": {"score": score}, "memory": {"score": score}}
    })
}

/// The same with every figure that is ranked set to a multiple of the desktop's.
pub(crate) fn times(mut report: Value, factor: f64) -> Value {
    for measurement in report["measurements"].as_array_mut().unwrap() {
        for field in ["value", "ci_low", "ci_high"] {
            if let Some(value) = measurement[field].as_f64() {
                measurement[field] = (value * factor).into();
            }
        }
        for sample in measurement["samples"].as_array_mut().into_iter().flatten() {
            *sample = (sample.as_f64().unwrap() * factor).into();
        }
    }
    report
}

/// Sends a report; the answer.
pub(crate) fn submit(server: &Server, report: &Value) -> Value {
    let answer = server.send(&Request::report(report.to_string()));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Reads an address of the API that is there.
pub(crate) fn read(server: &Server, path: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}
