//! Machines that could be: what they are made of, what they are called, and how fast they are.

use report::Direction;
use report::score::v0::REFERENCES;
use serde_json::{Value, json};

use super::random::Random;

/// A hardware model.
struct Model {
    vendor: &'static str,
    model: &'static str,
    cpu: &'static str,
    cores: u32,
    ram_mb: u32,
    virtualization: &'static str,
    /// Against the reference, which is 1.
    speed: f64,
}

const fn model(
    vendor: &'static str,
    model: &'static str,
    cpu: &'static str,
    size: (u32, u32),
    speed: f64,
) -> Model {
    Model { vendor, model, cpu, cores: size.0, ram_mb: size.1, virtualization: "none", speed }
}

const fn guest(virtualization: &'static str, cpu: &'static str, size: (u32, u32), speed: f64) -> Model {
    let model = model("QEMU", "Standard PC (Q35 + ICH9, 2009)", cpu, size, speed);
    Model { virtualization, ..model }
}

const MODELS: [Model; 16] = [
    model("Dell Inc.", "OptiPlex 7060", "Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz", (6, 16_384), 0.9),
    model("Dell Inc.", "PowerEdge R640", "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", (32, 196_608), 1.6),
    model("Dell Inc.", "Latitude 7420", "11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", (4, 32_768), 1.3),
    model("HP", "ProDesk 600 G5", "Intel(R) Core(TM) i5-9500 CPU @ 3.00GHz", (6, 16_384), 1.0),
    model("HPE", "ProLiant DL380 Gen10", "Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz", (20, 131_072), 1.4),
    model("LENOVO", "ThinkCentre M720q", "Intel(R) Core(TM) i3-8100T CPU @ 3.10GHz", (4, 8_192), 0.8),
    model("LENOVO", "ThinkPad T14 Gen 3", "AMD Ryzen 7 PRO 6850U with Radeon Graphics", (8, 32_768), 1.5),
    model("AZW", "EQ12", "Intel(R) N100", (4, 16_384), 0.7),
    model(
        "Intel(R) Client Systems",
        "NUC10i5FNH",
        "Intel(R) Core(TM) i5-10210U CPU @ 1.60GHz",
        (4, 32_768),
        0.9,
    ),
    model("Supermicro", "X11SCL-F", "Intel(R) Xeon(R) E-2236 CPU @ 3.40GHz", (6, 65_536), 1.3),
    model(
        "Gigabyte Technology Co., Ltd.",
        "B550 AORUS ELITE",
        "AMD Ryzen 9 5900X 12-Core Processor",
        (12, 65_536),
        2.1,
    ),
    model("Synology", "DS920+", "Intel(R) Celeron(R) J4125 CPU @ 2.00GHz", (4, 4_096), 0.4),
    guest("kvm", "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", (4, 8_192), 1.1),
    guest("kvm", "AMD EPYC 7443P 24-Core Processor", (8, 16_384), 1.5),
    guest("lxc", "AMD Ryzen 9 5900X 12-Core Processor", (2, 2_048), 1.2),
    guest("docker", "Intel(R) N100", (2, 4_096), 0.6),
];

const ROLES: [&str; 16] = [
    "web", "db", "nas", "büro", "build", "kiosk", "proxy", "mail", "école", "lab", "render", "backup", "git",
    "cache", "desk", "gate",
];
const SITES: [&str; 8] = ["lyon", "köln", "oslo", "bern", "malmö", "gent", "porto", "graz"];
/// Those of the metrics that count which a short look takes.
const METRICS: [&str; 12] = [
    "cpu.events_per_sec_single",
    "cpu.events_per_sec_multi",
    "cpu.sha256_mb_s_single",
    "cpu.deflate_mb_s_multi",
    "memory.throughput_mib_s",
    "memory.latency_ns",
    "disk.read_mb_s",
    "disk.write_mb_s",
    "disk.iops_read",
    "disk.iops_write",
    "network.upload_mbps",
    "network.download_mbps",
];
/// Around the median, as shares of it.
const SAMPLES: [f64; 8] = [0.99, 0.995, 1.0, 1.0, 1.002, 1.005, 1.01, 1.001];

/// One machine.
pub(super) struct Machine {
    number: u64,
    name: String,
    model: &'static Model,
    speed: f64,
}

impl Machine {
    /// The machine of that number.
    pub(super) fn new(number: u64, random: &mut Random) -> Self {
        let (role, site, model) = (random.pick(&ROLES), random.pick(&SITES), random.pick(&MODELS));
        // No two of one model are equally fast.
        let speed = model.speed * (0.85 + 0.3 * random.share());
        Self { number, name: format!("{role}-{site}-{number:05}"), model, speed }
    }

    /// A report of it, with the id and the times that stand for those of every benchmark.
    pub(super) fn report(&self, [id, started_at, finished_at]: [&str; 3], random: &mut Random) -> Value {
        let hash = |kind: u64| format!("{kind:04x}{:060x}", self.number);
        let measurements: Vec<Value> =
            METRICS.iter().filter_map(|metric| self.measured(metric, random)).collect();
        json!({
            "report_id": id, "schema_version": 1, "device_identifier": self.name, "bench_script_version": "0.1.0",
            "started_at": started_at, "finished_at": finished_at, "preset": "normal",
            "identity": {
                "name_explicit": false, "board_serial_hash": hash(1), "machine_id_hash": hash(2), "mac_hashes": [hash(3)],
            },
            "hardware": self.hardware(random),
            "environment": {
                "before": {"load_1m": 0.08}, "after": {"load_1m": 1.12},
                "bytes_sent": 2_400_000, "bytes_written": 1_073_741_824,
            },
            "measurements": measurements,
            "missing": [{"path": "hardware.ram.layout", "reason": "needs_root", "advice": "run as root"}],
        })
    }

    fn hardware(&self, random: &mut Random) -> Value {
        let Model { vendor, model, cpu, cores, ram_mb, virtualization, speed: _ } = self.model;
        let used_mb = (f64::from(*ram_mb) * (0.1 + 0.5 * random.share())).round();
        let address =
            format!("10.{}.{}.{}", self.number / 65_536 % 256, self.number / 256 % 256, self.number % 256);
        json!({
            "cpu": {"model": cpu, "cores": cores, "threads": cores, "flags": ["sse4_2", "avx2", "aes"], "sockets": 1},
            "ram": {"total_mb": ram_mb, "used_mb": used_mb},
            "storage": {
                "devices": [{"name": "nvme0n1", "type": "NVMe", "interface": "PCIe 3.0 x4", "capacity_gb": 512.1,
                    "model": "Sample SN 730", "temperature_c": 30.0 + (20.0 * random.share()).round()}],
                "partitions": [{"name": "/dev/nvme0n1p2", "mount_point": "/", "fs_type": "ext4", "used_gb": 60.5,
                    "total_gb": 500.2}],
            },
            "network": {"interfaces": [{"name": "eno1", "type": "ethernet", "ip": address, "speed_mbps": 1000,
                "driver": "e1000e", "mtu": 1500}]},
            "motherboard": {"vendor": vendor, "model": model, "system_vendor": vendor, "system_model": model,
                "bios_version": "1.22", "bios_date": "2024-03-05"},
            "os": {"name": "Debian GNU/Linux", "version": "13", "kernel_version": "6.12.9-amd64",
                "architecture": "x86_64", "virtualization_type": virtualization, "hostname": self.name},
        })
    }

    fn measured(&self, metric: &str, random: &mut Random) -> Option<Value> {
        let reference = REFERENCES.iter().find(|reference| reference.metric == metric)?;
        let speed = match metric.split_once('.')?.0 {
            // What a wire or a drive's port lets through does not grow with the processor.
            "network" | "disk" => self.speed.min(0.9),
            _ => self.speed,
        } * (0.97 + 0.06 * random.share());
        let value = match reference.direction {
            Direction::Higher => reference.value * speed,
            Direction::Lower => reference.value / speed,
        };
        let rounded = |value: f64| (value * 100.0).round() / 100.0;
        let samples: Vec<f64> = SAMPLES.iter().map(|share| rounded(share * value)).collect();
        Some(json!({
            "metric": metric, "value": rounded(value), "samples": samples, "spread": rounded(0.002 * value),
            "ci_low": rounded(0.99 * value), "ci_high": rounded(1.01 * value), "test_version": 1,
            "params": {"threads": 1},
        }))
    }
}
