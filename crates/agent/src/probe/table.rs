//! An inventory as a table that fits a terminal of 80 columns.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use report::hardware::{Cpu, Gpu, Hardware, Interface, Motherboard, Os, Partition, Ram, StorageDevice};
use report::text::Name;

use super::Inventory;

const WIDTH: u16 = 80;

/// The inventory for people: one line for each thing, then what could not be read.
pub fn table(inventory: &Inventory) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    let name = inventory.hostname.as_deref().unwrap_or("(no name)");
    table.set_header(["", printable(name).as_str()]);
    for (label, value) in rows(&inventory.hardware) {
        table.add_row([label, printable(&value)]);
    }
    for gap in &inventory.missing {
        let advice = gap.advice.as_deref().map(|advice| format!(" — {advice}")).unwrap_or_default();
        table.add_row(["not read".to_owned(), printable(&format!("{}: {}{advice}", gap.path, gap.reason))]);
    }
    table.trim_fmt()
}

/// Firmware and drivers may hand out control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn rows(hardware: &Hardware) -> Vec<(String, String)> {
    let Hardware { cpu, ram, gpu: _, gpus: _, storage, network, motherboard, os, sensors } = hardware;
    let mut rows = Vec::new();
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            rows.push((label.to_owned(), value));
        }
    };
    row("system", os.as_ref().map(system).unwrap_or_default());
    row("machine", motherboard.as_ref().map(machine).unwrap_or_default());
    row("processor", cpu.as_ref().map(processor).unwrap_or_default());
    row("memory", ram.as_ref().map(memory).unwrap_or_default());
    for module in ram.iter().flat_map(|ram| ram.layout.iter()).flat_map(|layout| layout.iter()) {
        let size = module.size_mb.map(|size| mebibytes(size.get()));
        let speed = module.speed_mhz.map(|speed| format!("{} MT/s", speed.get()));
        row(
            "  module",
            join(&[
                text(&module.slot),
                size,
                text(&module.r#type),
                speed,
                text(&module.vendor),
                text(&module.part_number),
            ]),
        );
    }
    for card in hardware.graphics() {
        row("graphics", graphics(card));
    }
    for device in storage.iter().flat_map(|storage| storage.devices.iter()).flat_map(|devices| devices.iter())
    {
        row("drive", drive(device));
    }
    for partition in storage.iter().flat_map(|storage| storage.partitions.iter()).flat_map(|list| list.iter())
    {
        row("  mounted", mounted(partition));
    }
    for interface in network.iter().flat_map(|network| network.interfaces.iter()).flat_map(|list| list.iter())
    {
        row("network", adapter(interface));
    }
    let celsius = sensors.as_ref().and_then(|sensors| sensors.cpu_temp_c);
    row(
        "temperature",
        celsius.map(|celsius| format!("{:.0} °C (processor)", celsius.get())).unwrap_or_default(),
    );
    rows
}

fn text(name: &Option<Name>) -> Option<String> {
    name.as_ref().map(|name| name.as_str().to_owned())
}

fn join(parts: &[Option<String>]) -> String {
    parts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
}

/// Two texts with a blank between them, either of which may be absent.
fn pair(first: &Option<Name>, second: &Option<Name>) -> Option<String> {
    let both: Vec<&str> = [first, second].into_iter().flatten().map(Name::as_str).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn mebibytes(size: u64) -> String {
    if size >= 1024 { format!("{} GiB", (size as f64 / 102.4).round() / 10.0) } else { format!("{size} MiB") }
}

fn gigabytes(size: f64) -> String {
    if size >= 1000.0 { format!("{:.1} TB", size / 1000.0) } else { format!("{size:.1} GB") }
}

fn system(os: &Os) -> String {
    let kernel = text(&os.kernel_version).map(|version| format!("Linux {version}"));
    let virt = text(&os.virtualization_type).filter(|kind| kind != "none").map(|kind| format!("in {kind}"));
    join(&[pair(&os.name, &os.version), kernel, text(&os.architecture), virt, text(&os.boot_mode)])
}

fn machine(board: &Motherboard) -> String {
    let system = pair(&board.system_vendor, &board.system_model);
    let mainboard = pair(&board.vendor, &board.model).filter(|mainboard| Some(mainboard) != system.as_ref());
    let firmware = pair(&board.bios_version, &board.bios_date).map(|firmware| format!("firmware {firmware}"));
    join(&[system, mainboard, text(&board.chassis_type), firmware])
}

fn processor(cpu: &Cpu) -> String {
    let cores = cpu.cores.map(|cores| format!("{} cores", cores.get()));
    let threads = cpu.threads.map(|threads| format!("{} threads", threads.get()));
    let base = cpu.base_freq_ghz.map(|ghz| format!("{:.2} GHz", ghz.get()));
    let max = cpu.max_freq_ghz.map(|ghz| format!("up to {:.2} GHz", ghz.get()));
    let cache = cpu.cache_l3_kb.map(|kib| format!("L3 {:.1} MiB", kib.get() as f64 / 1024.0));
    join(&[text(&cpu.model), text(&cpu.microarchitecture), cores, threads, base, max, cache])
}

fn memory(ram: &Ram) -> String {
    let installed = ram.installed_mb.map(|size| format!("{} installed", mebibytes(size.get())));
    let total = ram.total_mb.map(|size| format!("{} usable", mebibytes(size.get())));
    let slots = ram.slots_used.zip(ram.slots_total);
    let slots = slots.map(|(used, total)| format!("{} of {} slots", used.get(), total.get()));
    let ecc = ram.ecc.filter(|ecc| *ecc).map(|_| "ECC".to_owned());
    join(&[installed, total, slots, ecc])
}

fn graphics(card: &Gpu) -> String {
    let model = pair(&card.vendor, &card.model).or_else(|| text(&card.driver));
    let id = text(&card.pci_id).filter(|_| card.model.is_none()).map(|id| format!("PCI {id}"));
    let own = card.memory_dedicated_mb.map(|size| mebibytes(size.get()));
    join(&[model, id, own, text(&card.driver_version).map(|version| format!("driver {version}"))])
}

fn drive(device: &StorageDevice) -> String {
    let model = match (text(&device.vendor), text(&device.model)) {
        (Some(vendor), Some(model)) if !model.to_lowercase().starts_with(&vendor.to_lowercase()) => {
            Some(format!("{vendor} {model}"))
        }
        (vendor, model) => model.or(vendor),
    };
    let size = device.capacity_gb.map(|size| gigabytes(size.get()));
    let celsius = device.temperature_c.map(|celsius| format!("{:.0} °C", celsius.get()));
    let health = text(&device.smart_health).map(|health| format!("SMART {health}"));
    join(&[text(&device.name), model, size, text(&device.r#type), text(&device.interface), health, celsius])
}

fn mounted(partition: &Partition) -> String {
    let point = partition.mount_point.as_ref().map(|point| format!("on {point}"));
    let used = partition.used_gb.zip(partition.total_gb);
    let used =
        used.map(|(used, total)| format!("{} of {} used", gigabytes(used.get()), gigabytes(total.get())));
    join(&[text(&partition.name), point, text(&partition.fs_type), used])
}

fn adapter(interface: &Interface) -> String {
    let speed = interface.speed_mbps.map(|mbps| format!("{} Mbit/s", mbps.get()));
    join(&[
        text(&interface.name),
        text(&interface.r#type),
        speed,
        text(&interface.ip),
        text(&interface.driver),
    ])
}
