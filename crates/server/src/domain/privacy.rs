//! What only those see who hold the token, where READ_ACCESS is `public`.

use report::hardware::{
    Hardware, Interface, MemoryModule, Motherboard, Network, Os, Ram, Storage, StorageDevice,
};
use report::measurement::Params;
use report::text::List;

use super::benchmark::ServedMeasurement;

/// The hardware without serial numbers and addresses, their hashes included, and without the kernel's command line, on
/// which both may stand.
pub fn public_hardware(hardware: Hardware) -> Hardware {
    Hardware {
        ram: hardware.ram.map(|ram| Ram { layout: each(ram.layout, module), ..ram }),
        storage: hardware.storage.map(|storage| Storage { devices: each(storage.devices, drive), ..storage }),
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

fn module(module: MemoryModule) -> MemoryModule {
    MemoryModule { serial: None, serial_hash: None, ..module }
}

fn drive(drive: StorageDevice) -> StorageDevice {
    StorageDevice { serial: None, serial_hash: None, ..drive }
}

fn interface(interface: Interface) -> Interface {
    Interface { mac: None, mac_hash: None, ip: None, ..interface }
}

fn each<T>(list: Option<List<T>>, change: fn(T) -> T) -> Option<List<T>> {
    Some(list?.into_vec().into_iter().map(change).collect())
}
