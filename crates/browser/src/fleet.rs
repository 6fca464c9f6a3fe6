//! Machines as a homelab has them, as reports: what the tests look at, and what the picture in README shows.

use report::score::v0::REFERENCES;
use report::{Component, Direction, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

/// One machine, by what it should score.
#[derive(Clone, Debug, Deserialize)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// Maker and model.
    pub model: (String, String),
    /// Processor, cores and threads, and its highest clock in GHz.
    pub cpu: (String, u32, u32, f64),
    /// Memory, MiB.
    pub memory_mb: u32,
    /// Drive: model, kind, size in 10⁹ bytes.
    pub drive: (String, String, f64),
    /// `none`, `kvm`, `lxc`.
    pub virtualization: String,
    /// Architecture.
    pub architecture: String,
    /// Scores of processor, memory, disk and network; 0: not measured.
    pub scores: [f64; 4],
    /// Half of the interval, percent of the value.
    pub spread_percent: f64,
    /// Processor time that others used, percent.
    pub background_percent: f64,
    /// Hours since it was measured.
    pub hours_ago: i64,
}

/// A dozen machines, the fastest first.
///
/// # Panics
/// When `homelab.json` is not a list of them.
pub fn homelab() -> Vec<Machine> {
    serde_json::from_str(include_str!("homelab.json")).expect("the machines are well formed")
}

/// The report that such a machine sends; `now` is the moment of sending.
pub fn report(machine: &Machine, now: Timestamp, id: u128) -> Value {
    let started = now.plus_ms(-machine.hours_ago * 3_600_000);
    let missing = json!([
        {"path": "results.gpu", "reason": "not_built"},
        {"path": "hardware.ram.layout", "reason": "needs_root"}
    ]);
    json!({
        "report_id": uuid::Uuid::from_u128(id),
        "device_identifier": machine.name,
        "bench_script_version": "0.1.0",
        "started_at": started,
        "finished_at": started.plus_ms(88_000),
        "preset": "normal",
        "hardware": hardware(machine),
        "environment": environment(machine),
        "measurements": measurements(machine),
        "missing": missing
    })
}

/// The report of an old client, which sends nothing but scores.
pub fn old_client(name: &str, score: f64, id: u128) -> Value {
    json!({
        "report_id": uuid::Uuid::from_u128(id),
        "device_identifier": name,
        "bench_script_version": "1.0.0",
        "hardware": {"cpu": {"model": "Intel Core i7-2600"}, "os": {"virtualization_type": "none"}},
        "results": {
            "cpu": {"score": score}, "memory": {"score": score * 1.1}, "disk": {"score": score * 0.8},
            "network": {"score": score}, "gpu": null, "global_score": score
        }
    })
}

fn hardware(machine: &Machine) -> Value {
    let (vendor, model) = &machine.model;
    let (cpu, cores, threads, max) = &machine.cpu;
    let (drive, kind, size) = &machine.drive;
    let board = |part: &str| if part.is_empty() { Value::Null } else { json!(part) };
    let pi = vendor == "Raspberry Pi";
    json!({
        "cpu": {"model": cpu, "cores": cores, "threads": threads, "max_freq_ghz": max, "governor": "schedutil"},
        "ram": {"total_mb": machine.memory_mb - 300, "installed_mb": machine.memory_mb},
        "storage": {"devices": [{"name": "/dev/sda", "type": kind, "model": drive, "capacity_gb": size}]},
        "network": {"interfaces": [{"name": "eth0", "type": "ethernet", "speed_mbps": 2500}]},
        "motherboard": {
            "system_vendor": board(vendor), "system_model": board(model),
            "bios_version": if pi { Value::Null } else { json!("1.20") },
            "chassis_type": if pi { Value::Null } else { json!("Desktop") }
        },
        "os": {
            "name": "Debian GNU/Linux", "version": "12", "kernel_version": "6.1.0-28",
            "architecture": machine.architecture, "virtualization_type": machine.virtualization,
            "hostname": machine.name
        }
    })
}

fn environment(machine: &Machine) -> Value {
    let watch = json!({"background_percent": machine.background_percent, "steal_percent": 0.0});
    json!({"components": {"cpu": watch, "memory": watch, "disk": watch, "network": watch}})
}

fn measurements(machine: &Machine) -> Vec<Value> {
    let score = |component: Component| {
        let index = Component::ALL.iter().position(|other| *other == component)?;
        machine.scores.get(index).copied().filter(|score| *score > 0.0)
    };
    let one = |reference: &report::score::v0::Reference| {
        let ratio = score(reference.component)? / 100.0;
        let value = match reference.direction {
            Direction::Higher => reference.value * ratio,
            Direction::Lower => reference.value / ratio,
        };
        let half = value * machine.spread_percent / 100.0;
        let samples = [-4, 2, 0, -1, 4, 1, 0, -2].map(|step| value + half * f64::from(step) / 4.0);
        Some(json!({
            "metric": reference.metric, "value": value, "ci_low": value - half, "ci_high": value + half,
            "samples": samples, "test_version": 1,
            "direction": reference.direction
        }))
    };
    REFERENCES.iter().filter_map(one).collect()
}
