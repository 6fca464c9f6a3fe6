//! Main memory: what the kernel has, and the modules that are in the slots.

mod module;
mod smbios;
mod udev;

use report::hardware::Ram;
use report::number::Whole;

use super::gaps::Gaps;
use super::root::{Root, Unread};
use super::secret::Secrets;
use super::smbios::TABLE;
use super::text::{count, kib_of, value_of, whole};
use module::Modules;

const LAYOUT: &str = "hardware.ram.layout";

/// Reads main memory; in a container only what the container may use.
pub(crate) fn read(root: &Root, secrets: &Secrets<'_>, container: bool, gaps: &mut Gaps) -> Ram {
    let mut ram = meminfo(root, gaps);
    if container {
        gaps.add(LAYOUT, "belongs_to_host", Some("run it on the host to see the memory modules"));
        return ram;
    }
    match modules(root) {
        Ok(modules) => fill(&mut ram, modules, secrets),
        Err(unread) => {
            ram.installed_mb = raspberry_pi(root).and_then(whole);
            note(root, unread, gaps);
        }
    }
    if ram.ecc.is_none() && !root.names("/sys/devices/system/edac/mc").iter().all(|name| !is_controller(name))
    {
        // The kernel's EDAC drivers bind to a memory controller only where it corrects errors.
        ram.ecc = Some(true);
    }
    ram
}

fn is_controller(name: &str) -> bool {
    name.strip_prefix("mc")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn meminfo(root: &Root, gaps: &mut Gaps) -> Ram {
    let text = root.text("/proc/meminfo").unwrap_or_default();
    let kib = |key: &str| kib_of(&text, key);
    let mib = |key: &str| -> Option<Whole> { whole(kib(key)? / 1024) };
    let used = || kib("MemTotal")?.checked_sub(kib("MemAvailable")?);
    let ram = Ram {
        total_mb: mib("MemTotal"),
        used_mb: used().and_then(|kib| whole(kib / 1024)),
        free_mb: mib("MemFree"),
        shared_mb: mib("Shmem"),
        ..Ram::default()
    };
    gaps.expect("hardware.ram.total_mb", ram.total_mb);
    ram
}

/// The SMBIOS table where we may read it, else the record that udev made of it as root.
fn modules(root: &Root) -> Result<Modules, Unread> {
    match root.bytes(TABLE) {
        Ok(table) => smbios::modules(&table).ok_or(Unread::Failed),
        Err(unread) => {
            root.text("/run/udev/data/+dmi:id").and_then(|record| udev::modules(&record)).ok_or(unread)
        }
    }
}

fn fill(ram: &mut Ram, modules: Modules, secrets: &Secrets<'_>) {
    let Modules { slots, ecc } = modules;
    let used: Vec<_> = slots.iter().filter(|slot| slot.size_mb.is_some()).collect();
    ram.slots_total = count(slots.len());
    ram.slots_used = count(used.len());
    ram.ecc = ecc;
    let total = used.iter().filter_map(|slot| slot.size_mb).fold(0u64, u64::saturating_add);
    ram.installed_mb = Some(total).filter(|total| *total > 0).and_then(whole);
    ram.layout = Some(used.into_iter().map(|slot| slot.report(secrets)).collect());
}

/// The memory of a Raspberry Pi, MiB: three bits of its revision code (new style, since the Pi 2).
fn raspberry_pi(root: &Root) -> Option<u64> {
    root.text("/proc/device-tree/model").filter(|model| model.starts_with("Raspberry Pi"))?;
    let cpuinfo = root.text("/proc/cpuinfo")?;
    let code = u32::from_str_radix(value_of(&cpuinfo, ':', "Revision")?, 16).ok()?;
    let is_new_style = code & (1 << 23) != 0;
    is_new_style.then(|| 256 << ((code >> 20) & 0b111))
}

fn note(root: &Root, unread: Unread, gaps: &mut Gaps) {
    let board = root.exists("/proc/device-tree/model");
    match unread {
        Unread::Denied => gaps.add(LAYOUT, "needs_root", Some("sudo would show the memory slots")),
        Unread::Absent if board => {
            gaps.add(LAYOUT, "not_exposed", Some("boards with soldered memory do not describe it"))
        }
        Unread::Absent => {
            gaps.add(LAYOUT, "not_exposed", Some("this machine's firmware has no SMBIOS table"))
        }
        Unread::Failed => gaps.add(LAYOUT, "unreadable", Some("this machine's SMBIOS table is broken")),
    }
}
