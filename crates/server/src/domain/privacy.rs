//! What only those see who hold the token, where READ_ACCESS is `public`.

use report::hardware::{
    Hardware, Interface, MemoryModule, Motherboard, Network, Os, Partition, Ram, Storage, StorageDevice,
};
use report::measurement::Params;
use report::text::{List, Name};

use super::benchmark::ServedMeasurement;
use super::device::Device;
use super::typed::{Custom, Typed};

/// The hardware without serial numbers and addresses, their hashes included, and without the kernel's command line, on
/// which both may stand.
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
        os: hardware.os.map(|os| Os { cmdline: None, ..os }),
        ..hardware
    }
}

/// The measurement without the address that it was taken against.
pub fn public_measurement(measurement: ServedMeasurement) -> ServedMeasurement {
    let params = measurement.params.map(|params| Params { server: None, ..params });
    ServedMeasurement { params, ..measurement }
}

/// The device without what it cost and who sold it, whose it is and where, without serial numbers and the inventory's, and
/// without what people wrote down for themselves.
pub fn public_device(device: Device) -> Device {
    Device {
        price: None,
        currency: None,
        owner: None,
        location: None,
        serial: None,
        purchased_from: None,
        asset_tag: None,
        notes: None,
        custom: Custom::default(),
        typed: Typed {
            price: None,
            currency: None,
            owner: None,
            location: None,
            serial: None,
            purchased_from: None,
            asset_tag: None,
            notes: None,
            custom: None,
            ..device.typed
        },
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
    use super::without_host;

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
