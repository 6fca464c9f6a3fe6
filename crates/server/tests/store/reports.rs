//! Reports to store.

use report::Timestamp;
use serde_json::{Value, json};
use server::domain::submission::{Arrival, Submission, submission};

/// When the first of them arrives.
pub(crate) const START: &str = "2026-11-20T12:00:00Z";

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 24 * 3_600_000;

/// A report in the making.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) body: Value,
    at_ms: i64,
}

/// A machine of that name, whose only keys are a board serial number and a machine id made from `seed`.
pub(crate) fn machine(name: &str, seed: u8) -> Made {
    let key = |salt: u8| format!("{seed:02x}{salt:02x}").repeat(16);
    let body = json!({
        "schema_version": 1,
        "device_identifier": name,
        "preset": "normal",
        "identity": { "name_explicit": false, "board_serial_hash": key(1), "machine_id_hash": key(2) },
        "hardware": {
            "cpu": { "vendor": "Intel", "model": "Intel N100", "cores": 4, "threads": 4 },
            "motherboard": { "vendor": "AZW", "model": "EQ12", "bios_version": "1.0" },
            "os": { "name": "Debian GNU/Linux", "version": "12", "hostname": name },
        },
        "measurements": [
            measured("cpu.events_per_sec_single", 1400.0),
            measured("cpu.events_per_sec_multi", 5200.0),
            measured("memory.throughput_mib_s", 11_000.0),
            measured("memory.latency_ns", 95.0),
            measured("disk.read_mb_s", 500.0),
            measured("disk.write_mb_s", 450.0),
        ],
    });
    Made { body, at_ms: 0 }
}

/// A measurement with enough samples to have an interval.
fn measured(metric: &str, value: f64) -> Value {
    let samples: Vec<f64> =
        [0.99, 0.995, 1.0, 1.0, 1.002, 1.005, 1.01, 1.001].iter().map(|part| part * value).collect();
    let direction = if metric.ends_with("_ns") { "lower" } else { "higher" };
    json!({ "metric": metric, "value": value, "direction": direction, "samples": samples, "test_version": 1 })
}

impl Made {
    /// With its own `report_id`.
    pub(crate) fn id(mut self, number: u32) -> Self {
        self.body["report_id"] = json!(format!("0199a000-0000-7000-8000-{number:012x}"));
        self
    }

    /// With the value at a path replaced; null takes it away.
    pub(crate) fn set(mut self, path: &str, value: Value) -> Self {
        let (parent, last) = path.rsplit_once('/').unwrap();
        let parent = self.body.pointer_mut(parent).unwrap_or_else(|| panic!("{path}"));
        parent[last] = value;
        self
    }

    /// Arrives, and was measured, so long after the first.
    pub(crate) fn after(mut self, ms: i64) -> Self {
        self.at_ms = ms;
        self
    }

    /// As the server makes it ready.
    pub(crate) fn submission(&self) -> Submission {
        let body = self.body.to_string();
        let report = report::parse(body.as_bytes()).unwrap();
        let received_at = Timestamp::parse(START).unwrap().plus_ms(self.at_ms);
        submission(&report, body.as_bytes(), Arrival { received_at, sent_at: None }, &[7; 32]).unwrap()
    }
}

/// Somebody who changes something, then.
pub(crate) fn author(at: report::Timestamp) -> server::domain::change::Author {
    server::domain::change::Author { name: "test".to_owned(), at }
}
