//! The one table: every field of the hardware is a fact or a reading.
//!
//! The tables take the structs apart without `..`: a new field does not compile until it is sorted.

use super::leaf::Leaf;
use super::names;
use super::tree::{Branch, Split};
use crate::hardware::{
    Cluster, Cpu, Gpu, Hardware, Interface, Link, MemoryModule, Motherboard, Network, Os, Partition, Ram,
    Sensors, Storage, StorageDevice,
};

/// Sorts a section into facts and readings.
pub(super) trait Sort {
    fn sort(&self, into: &mut Split);
}

/// An element of a list.
trait Element: Sort {
    /// An empty list says that there are none (and is not merely unknown).
    const NONE_IS_KNOWN: bool;
    /// Under which it is found again, the first that is not blank.
    fn keys(&self) -> [Option<&str>; 2];
    /// Comes and goes without anybody touching the machine: all readings.
    fn passing(&self) -> bool {
        false
    }
}

macro_rules! table {
    ($type:ident { facts: [$($fact:ident),*], readings: [$($reading:ident),*],
      sections: [$($section:ident),*], lists: [$($list:ident),*] } $(then $then:expr)?) => {
        impl Sort for $type {
            fn sort(&self, into: &mut Split) {
                let Self { $($fact,)* $($reading,)* $($section,)* $($list,)* } = self;
                $(put(&mut into.facts, stringify!($fact), $fact);)*
                $(put(&mut into.readings, stringify!($reading), $reading);)*
                $(section(into, stringify!($section), $section.as_ref());)*
                $(list(into, stringify!($list), $list.as_deref());)*
                $(let then: fn(&Self, &mut Split) = $then; then(self, into);)?
            }
        }
    };
}

table! { Cpu {
    facts: [vendor, model, microarchitecture, cores, threads, base_freq_ghz, max_freq_ghz, cache_l1_kb,
        cache_l2_kb, cache_l3_kb, flags, tdp_w, sockets, microcode, smt, mitigations],
    // Power profiles switch the governor many times a day.
    readings: [governor], sections: [], lists: [clusters]
} }
table! { Cluster { facts: [name, threads, max_freq_ghz], readings: [], sections: [], lists: [] } }
table! { Ram {
    facts: [installed_mb, slots_total, slots_used, ecc],
    readings: [total_mb, used_mb, free_mb, shared_mb], sections: [], lists: [layout]
} }
table! { MemoryModule {
    facts: [slot, size_mb, r#type, speed_mhz, vendor, part_number, rated_speed_mhz, rank, serial_hash, serial],
    readings: [], sections: [], lists: []
} }
table! { Gpu {
    facts: [vendor, model, driver_version, memory_dedicated_mb, api_support, driver, pci_id],
    // Drivers derive it from the memory that the kernel reports.
    readings: [memory_shared_mb], sections: [], lists: []
} }
table! { Storage { facts: [], readings: [], sections: [], lists: [devices, partitions] } }
table! { StorageDevice {
    facts: [name, r#type, interface, capacity_gb, vendor, model, serial_hash, serial, firmware, rotational],
    readings: [smart_health, temperature_c, wear_percent, power_on_hours, media_errors, reallocated_sectors],
    sections: [link], lists: []
} then |_, into| one_spelling(into) }
// Links slow down to save power: what both ends can do is the fact. Lanes are counted once, when the link comes up: fewer
// than there are is a card that sits badly, or a slot that shares.
table! { Link { facts: [max_speed, max_width, width], readings: [speed], sections: [], lists: [] } }
table! { Partition {
    facts: [name, mount_point, fs_type, total_gb], readings: [used_gb], sections: [], lists: []
} then |partition, into| {
    one_spelling(into);
    if partition.fs_type.as_deref().is_some_and(names::floating_size) {
        into.demote("total_gb");
    }
} }
table! { Network { facts: [], readings: [], sections: [], lists: [interfaces] } }
table! { Interface {
    facts: [name, r#type, mac, driver, wake_on_lan, mac_hash, mtu],
    // The speed is what was agreed with the other end of the cable.
    readings: [ip, speed_mbps, duplex], sections: [link], lists: []
} then |interface, into| {
    if interface.mac.as_deref().is_some_and(names::locally_administered) {
        into.demote("mac");
    }
} }
table! { Motherboard {
    facts: [vendor, model, bios_version, bios_date, bios_vendor, chassis_type, system_vendor, system_model,
        serial, system_serial],
    readings: [], sections: [], lists: []
} }
table! { Os {
    facts: [name, version, kernel_version, architecture, virtualization_type, cmdline, boot_mode],
    // The name on the network goes with the network.
    readings: [hostname, fqdn], sections: [], lists: []
} }
table! { Sensors {
    facts: [], readings: [cpu_temp_c, disk_temps_c, fans_rpm, temps_c], sections: [], lists: []
} }

impl Sort for Hardware {
    fn sort(&self, into: &mut Split) {
        let Self { cpu, ram, gpu, gpus, storage, network, motherboard, os, sensors } = self;
        section(into, "cpu", cpu.as_ref());
        section(into, "ram", ram.as_ref());
        // One card of an old client is a list of one.
        if gpus.is_some() || gpu.is_some() {
            list(into, "gpus", Some(self.graphics()));
        }
        section(into, "storage", storage.as_ref());
        section(into, "network", network.as_ref());
        section(into, "motherboard", motherboard.as_ref());
        section(into, "os", os.as_ref());
        section(into, "sensors", sensors.as_ref());
    }
}

impl Element for Cluster {
    const NONE_IS_KNOWN: bool = false;
    fn keys(&self) -> [Option<&str>; 2] {
        [self.name.as_deref(), None]
    }
}

impl Element for MemoryModule {
    const NONE_IS_KNOWN: bool = false;
    fn keys(&self) -> [Option<&str>; 2] {
        [self.slot.as_deref(), self.part_number.as_deref()]
    }
}

impl Element for Gpu {
    const NONE_IS_KNOWN: bool = true;
    fn keys(&self) -> [Option<&str>; 2] {
        [self.pci_id.as_deref(), self.model.as_deref()]
    }
}

impl Element for StorageDevice {
    const NONE_IS_KNOWN: bool = true;
    fn keys(&self) -> [Option<&str>; 2] {
        [self.name.as_deref(), self.model.as_deref()]
    }
    fn passing(&self) -> bool {
        self.name.as_deref().is_some_and(names::passing_drive)
    }
}

impl Element for Partition {
    const NONE_IS_KNOWN: bool = true;
    fn keys(&self) -> [Option<&str>; 2] {
        [self.mount_point.as_deref(), self.name.as_deref()]
    }
    fn passing(&self) -> bool {
        let text = |field: Option<&str>| field.unwrap_or_default().to_owned();
        names::passing_mount(
            &text(self.name.as_deref()),
            &text(self.mount_point.as_deref()),
            &text(self.fs_type.as_deref()),
        )
    }
}

impl Element for Interface {
    const NONE_IS_KNOWN: bool = true;
    fn keys(&self) -> [Option<&str>; 2] {
        [self.name.as_deref(), self.mac_hash.as_deref()]
    }
    fn passing(&self) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        names::passing_interface(name, self.r#type.as_deref().unwrap_or_default())
    }
}

fn put(branch: &mut Branch, field: &str, value: &impl Leaf) {
    if let Some(leaf) = value.leaf() {
        branch.insert(plain(field).to_owned(), leaf);
    }
}

/// `type` is a keyword, and stands in the structs as `r#type`.
fn plain(field: &str) -> &str {
    field.trim_start_matches("r#")
}

fn section<T: Sort>(into: &mut Split, field: &str, section: Option<&T>) {
    let Some(section) = section else { return };
    let mut inner = Split::default();
    section.sort(&mut inner);
    for (side, branch) in [(&mut into.facts, inner.facts), (&mut into.readings, inner.readings)] {
        if !branch.is_empty() {
            side.insert(field.to_owned(), branch.into());
        }
    }
}

fn list<T: Element>(into: &mut Split, field: &str, elements: Option<&[T]>) {
    let Some(elements) = elements else { return };
    let mut sorted: Vec<(String, Split)> = elements.iter().map(sort_element).collect();
    // Elements that share a key (two modules in "DIMM 0") are told apart by what they are.
    sorted.sort_by(|(key, a), (other, b)| {
        key.cmp(other)
            .then_with(|| (text(&a.facts), text(&a.readings)).cmp(&(text(&b.facts), text(&b.readings))))
    });
    let mut inner = Split::default();
    let mut last: Option<(String, usize)> = None;
    for (key, split) in sorted {
        let count = match &last {
            Some((previous, count)) if *previous == key => count + 1,
            _ => 1,
        };
        let unique = if count == 1 { key.clone() } else { format!("{key}#{count}") };
        last = Some((key, count));
        for (side, branch) in [(&mut inner.facts, split.facts), (&mut inner.readings, split.readings)] {
            if !branch.is_empty() {
                side.insert(unique.clone(), branch.into());
            }
        }
    }
    if !inner.facts.is_empty() || T::NONE_IS_KNOWN {
        into.facts.insert(field.to_owned(), inner.facts.into());
    }
    if !inner.readings.is_empty() {
        into.readings.insert(field.to_owned(), inner.readings.into());
    }
}

fn sort_element<T: Element>(element: &T) -> (String, Split) {
    let mut split = Split::default();
    element.sort(&mut split);
    let key = element.keys().into_iter().flatten().map(str::trim).find(|key| !key.is_empty());
    let key = key.unwrap_or_default().trim_start_matches("/dev/").to_owned();
    if element.passing() {
        split.demote_all();
    }
    (key, split)
}

fn text(branch: &Branch) -> String {
    let mut text = String::new();
    super::tree::write(branch, &mut text);
    text
}

fn one_spelling(into: &mut Split) {
    if let Some(serde_json::Value::String(name)) = into.facts.get_mut("name") {
        *name = names::device_name(name);
    }
}
