//! The reports that are sent: of the shape and size of real ones, made before the clock runs.

use report::Timestamp;
use report::metric::{CATALOGUE, Definition};
use serde_json::{Value, json};

/// Machines that report in turn.
pub(crate) const DEVICES: usize = 300;
/// Measurements of one report.
pub(crate) const MEASUREMENTS: usize = 30;

/// Where the `report_id` stands in every body.
const ID_AT: usize = r#"{"report_id":""#.len();
const ID_LENGTH: usize = 36;

/// The body of one device's report that is sent at that time, without an id of its own yet.
pub(crate) fn body(device: usize, sent_at: Timestamp) -> Vec<u8> {
    // The id comes first, so that every new report differs in 36 bytes at a known place.
    let mut text = format!(r#"{{"report_id":"{}","#, "0".repeat(ID_LENGTH)).into_bytes();
    let rest = report(device, sent_at).to_string();
    text.extend_from_slice(rest.trim_start_matches('{').as_bytes());
    text
}

/// Gives the body in `request`, which begins at `start`, an id.
pub(crate) fn set_id(request: &mut [u8], start: usize, id: &uuid::Uuid) {
    let place = start + ID_AT;
    id.hyphenated().encode_lower(&mut request[place..place + ID_LENGTH]);
}

fn report(device: usize, sent_at: Timestamp) -> Value {
    let name = format!("bench-{device:04}");
    let measurements: Vec<Value> =
        CATALOGUE.iter().take(MEASUREMENTS).map(|metric| measurement(metric, device)).collect();
    json!({
        "schema_version": 1,
        "device_identifier": name,
        "bench_script_version": "0.1.0",
        "started_at": sent_at.plus_ms(-81_000),
        "finished_at": sent_at.plus_ms(-500),
        "preset": "normal",
        "identity": {
            "name_explicit": false,
            "board_serial_hash": hash(device, 1),
            "machine_id_hash": hash(device, 2),
            "mac_hashes": [hash(device, 3)],
        },
        "hardware": hardware(&name),
        "environment": {
            "before": {"load_1m": 0.08, "cpu_freq_mhz": 2800},
            "after": {"load_1m": 1.12, "cpu_freq_mhz": 2800},
            "bytes_sent": 2_400_000, "bytes_written": 2_147_483_648_u64,
        },
        "measurements": measurements,
        "missing": [{"path": "hardware.ram.layout", "reason": "needs_root", "advice": "run as root"}],
    })
}

fn hardware(name: &str) -> Value {
    json!({
        "cpu": {
            "vendor": "Intel", "model": "Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz", "cores": 6, "threads": 6,
            "base_freq_ghz": 2.1, "max_freq_ghz": 3.5, "cache_l1_kb": 384, "cache_l2_kb": 1536,
            "cache_l3_kb": 9216, "flags": ["sse4_2", "avx2", "aes"], "sockets": 1, "governor": "schedutil",
        },
        "ram": {"total_mb": 15_844, "used_mb": 2_210, "free_mb": 11_020, "shared_mb": 31},
        "storage": {
            "devices": [{"name": "nvme0n1", "type": "NVMe", "interface": "PCIe 3.0 x4", "capacity_gb": 512.1,
                "model": "Sample SN 730", "temperature_c": 41}],
            "partitions": [{"name": "/dev/nvme0n1p2", "mount_point": "/", "fs_type": "ext4", "used_gb": 60.5,
                "total_gb": 500.2}],
        },
        "network": {"interfaces": [{"name": "eno1", "type": "ethernet", "ip": "192.168.1.40",
            "speed_mbps": 1000, "driver": "e1000e", "mtu": 1500}]},
        "motherboard": {"vendor": "Sample", "model": "B360", "bios_version": "1.22", "bios_date": "2024-03-05"},
        "os": {"name": "Debian GNU/Linux", "version": "13", "kernel_version": "6.12.9-amd64",
            "architecture": "x86_64", "virtualization_type": "none", "hostname": name},
    })
}

fn measurement(metric: &Definition, device: usize) -> Value {
    // Something that differs from device to device and from metric to metric; figures of a size that no check finds odd.
    let scatter = (device * 7 + metric.id.len() * 13) % 97;
    let value = 100.0 + scatter as f64 / 2.0;
    let samples: Vec<f64> = (-3_i32..=3).map(|step| value + f64::from(step) / 2.0).collect();
    json!({
        "metric": metric.id, "value": value, "samples": samples, "spread": 0.5,
        "ci_low": value - 1.5, "ci_high": value + 1.5, "test_version": 1, "params": {"threads": 1},
    })
}

/// Something that looks like a keyed hash.
fn hash(device: usize, kind: usize) -> String {
    format!("{kind:04x}{device:060x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::series::series;
    use report::verdict::judge;

    #[test]
    fn the_bodies_are_reports_of_the_stated_size() {
        let mut request = b"head".to_vec();
        request.extend(body(299, Timestamp::from_ms(1_795_507_383_403)));
        let id = uuid::Uuid::from_u128(7);
        set_id(&mut request, 4, &id);
        let body = &request[4..];
        assert!((6_500..7_500).contains(&body.len()), "{} bytes", body.len());
        let report = report::parse(body).unwrap();
        assert_eq!(report.report_id.unwrap().to_string(), id.to_string());
        assert_eq!(report.device().as_str(), "bench-0299");
        assert_eq!(series(&report, &judge(&report)).len(), MEASUREMENTS);
    }
}
