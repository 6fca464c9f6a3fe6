//! What only those see who hold the token, where READ_ACCESS is `public`.

use report::hardware::{
    Hardware, Interface, MemoryModule, Motherboard, Network, Os, Partition, Ram, Storage, StorageDevice,
};
use report::measurement::Params;
use report::missing::Missing;
use report::text::{List, Name};

use super::benchmark::{Benchmark, FullBenchmark, ServedMeasurement};
use super::device::{Device, ReportedFields};
use super::device_page::DevicePage;
use super::typed::{Custom, Typed};

/// What people typed that is not the public's: what it cost, when and from whom it came, whose it is and where, the numbers
/// under which others keep it, and what people wrote down for themselves. The rest describes a machine, or is what it is called
/// and found by.
pub const PRIVATE_FIELDS: [&str; 13] = [
    "description",
    "asset_tag",
    "location",
    "owner",
    "serial",
    "purchased_from",
    "purchased_at",
    "price",
    "currency",
    "warranty_until",
    "notes",
    "custom",
    "external_id",
];

/// The hardware without serial numbers, names and addresses in the network, their hashes included, and without the kernel's
/// command line, on which all of these may stand.
pub fn public_hardware(hardware: Hardware) -> Hardware {
    Hardware {
        ram: hardware.ram.map(|ram| Ram { layout: each(ram.layout, module), ..ram }),
        storage: hardware.storage.map(|storage| Storage {
            devices: each(storage.devices, drive),
            partitions: each(storage.partitions, partition),
        }),
        network: hardware.network.map(|network| Network { interfaces: each(network.interfaces, interface) }),
        motherboard: hardware.motherboard.map(|board| Motherboard {
            serial: None,
            system_serial: None,
            ..board
        }),
        os: hardware.os.map(|os| Os { cmdline: None, hostname: None, fqdn: None, ..os }),
        ..hardware
    }
}

/// A benchmark of a list, without what people wrote about it. Its label, by which it is found and compared, stays.
pub fn public_benchmark(benchmark: Benchmark) -> Benchmark {
    Benchmark { note: None, excluded_reason: None, ..benchmark }
}

/// The benchmark with everything in it that the public may see.
pub fn public_full_benchmark(full: FullBenchmark) -> FullBenchmark {
    let FullBenchmark { benchmark, measurements, missing, environment, hardware } = full;
    FullBenchmark {
        benchmark: public_benchmark(benchmark),
        measurements: measurements.into_iter().map(public_measurement).collect(),
        missing: missing.into_iter().map(without_advice).collect(),
        environment,
        hardware: public_hardware(hardware),
    }
}

/// What the page of a machine shows the public.
pub fn public_page(page: DevicePage) -> DevicePage {
    DevicePage {
        hardware: public_hardware(page.hardware),
        missing: page.missing.into_iter().map(without_advice).collect(),
        ..page
    }
}

/// The measurement without the address that it was taken against, and without free text.
fn public_measurement(measurement: ServedMeasurement) -> ServedMeasurement {
    let params = measurement.params.map(|params| Params { server: None, ..params });
    ServedMeasurement { params, note: None, ..measurement }
}

/// Advice is for who runs the machine: it may name folders, users and addresses.
fn without_advice(missing: Missing) -> Missing {
    Missing { advice: None, ..missing }
}

/// The device without [`PRIVATE_FIELDS`], and without its names in the network.
pub fn public_device(device: Device) -> Device {
    Device {
        description: None,
        asset_tag: None,
        location: None,
        owner: None,
        serial: None,
        purchased_from: None,
        purchased_at: None,
        price: None,
        currency: None,
        warranty_until: None,
        notes: None,
        custom: Custom::default(),
        external_id: None,
        typed: Typed {
            description: None,
            asset_tag: None,
            location: None,
            owner: None,
            serial: None,
            purchased_from: None,
            purchased_at: None,
            price: None,
            currency: None,
            warranty_until: None,
            notes: None,
            custom: None,
            external_id: None,
            ..device.typed
        },
        reported: ReportedFields { hostname: None, fqdn: None, ..device.reported },
        ..device
    }
}

fn module(module: MemoryModule) -> MemoryModule {
    MemoryModule { serial: None, serial_hash: None, ..module }
}

fn drive(drive: StorageDevice) -> StorageDevice {
    StorageDevice { serial: None, serial_hash: None, ..drive }
}

/// `//192.168.1.5/share` and `nas:/export` are what lies on another machine: its name and address are left out.
fn partition(partition: Partition) -> Partition {
    Partition { name: partition.name.map(|name| Name::lossy(without_host(name.as_str()))), ..partition }
}

fn without_host(name: &str) -> &str {
    let path = if name.starts_with('/') { name } else { name.rsplit(':').next().unwrap_or_default() };
    match path.strip_prefix("//") {
        Some(remote) => remote.find('/').map_or("", |path| &remote[path..]),
        None => path,
    }
}

fn interface(interface: Interface) -> Interface {
    Interface { mac: None, mac_hash: None, ip: None, ..interface }
}

fn each<T>(list: Option<List<T>>, change: fn(T) -> T) -> Option<List<T>> {
    Some(list?.into_vec().into_iter().map(change).collect())
}

#[cfg(test)]
mod tests {
    use report::{DeviceKind, Timestamp};
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::device::{DeviceStanding, StoredDevice};

    fn device(typed: Value) -> Device {
        let standing = DeviceStanding {
            ranked: false,
            score_basis: None,
            global_score: None,
            ci_low: None,
            ci_high: None,
            coverage: 0.0,
            verdict: report::measurement::Verdict::Valid,
            components: std::collections::BTreeMap::new(),
        };
        let name = || Some("nas.example".to_owned());
        Device::from(StoredDevice {
            id: 1,
            device_identifier: "nas".to_owned(),
            version: 1,
            typed: serde_json::from_value(typed).unwrap(),
            model_key: None,
            reported: ReportedFields {
                hostname: name(),
                fqdn: name(),
                kind: None,
                model: None,
                hosted_on: None,
            },
            kind: DeviceKind::BareMetal,
            standing,
            benchmark_count: 0,
            last_benchmark: None,
            last_snapshot: None,
            hints: Vec::new(),
            created_at: Timestamp::from_ms(0),
            updated_at: Timestamp::from_ms(0),
        })
    }

    #[test]
    fn what_is_on_the_list_is_hidden_and_nothing_else_that_people_typed() {
        let typed = json!({
            "name": "n", "description": "d", "asset_tag": "a", "location": "l", "owner": "o", "tags": ["t"],
            "kind": "vm", "status": "lent", "hosted_on": 2, "manufacturer": "m", "model": "x", "serial": "s",
            "purchased_from": "p", "purchased_at": "2024-01-02", "price": 1.0, "currency": "EUR",
            "warranty_until": "2026-01-02", "power_idle_w": 1.0, "power_load_w": 2.0, "photo_doc_id": 3,
            "notes": "w", "custom": {"k": "v"}, "external_id": "e",
        });
        let all = serde_json::to_value(device(typed)).unwrap();
        let shown = serde_json::to_value(public_device(device(all["typed"].clone()))).unwrap();
        for field in Typed::FIELDS {
            assert!(!all[field].is_null() && !all["typed"][field].is_null(), "{field} is not tested");
            let hidden = PRIVATE_FIELDS.contains(field);
            assert_eq!(shown["typed"][field].is_null(), hidden, "{field}");
            assert_eq!(shown[field] != all[field], hidden, "{field}");
        }
        for name in ["hostname", "fqdn"] {
            assert!(all["reported"][name].is_string() && shown["reported"][name].is_null());
        }
    }

    #[test]
    fn a_share_is_shown_without_its_machine() {
        for (name, shown) in [
            ("//192.168.77.5/share", "/share"),
            ("//nas", ""),
            ("nas.lan:/export", "/export"),
            ("[fe80::1]:/export", "/export"),
            ("10.0.0.1:6789,10.0.0.2:6789:/", "/"),
            ("me@nas:", ""),
            ("https://nas.lan/dav", "/dav"),
            ("/dev/nvme0n1p2", "/dev/nvme0n1p2"),
            ("/dev/disk/by-path/pci-0000:00:17.0", "/dev/disk/by-path/pci-0000:00:17.0"),
            ("sda1", "sda1"),
            ("rpool/ROOT", "rpool/ROOT"),
        ] {
            assert_eq!(without_host(name), shown, "{name}");
        }
    }
}
