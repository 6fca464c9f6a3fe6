//! Mainboard, firmware and chassis.

use report::hardware::Motherboard;

use super::dmi::Dmi;
use super::gaps::Gaps;
use super::keys::ClearKeys;
use super::root::Root;
use super::secret::Secrets;
use super::text::{meaningful, name, name_of};

const SECTION: &str = "hardware.motherboard";

/// Reads the board; `None` where the machine shows none of its own.
pub(crate) fn read(root: &Root, container: bool, gaps: &mut Gaps) -> Option<Motherboard> {
    if container {
        gaps.add(SECTION, "belongs_to_host", Some("run it on the host to see the board"));
        return None;
    }
    if root.is_folder("/sys/class/dmi/id") {
        return Some(from_dmi(&Dmi::new(root)));
    }
    let board = from_device_tree(root);
    if board.is_none() {
        gaps.add(SECTION, "not_exposed", Some("this machine has neither an SMBIOS table nor a device tree"));
    }
    board
}

/// Adds the serial numbers in clear, where they may be shown.
pub(crate) fn add_serials(board: &mut Motherboard, keys: &ClearKeys, secrets: &Secrets<'_>) {
    board.serial = keys.board_serial.as_deref().and_then(|serial| secrets.in_clear(serial));
    board.system_serial = keys.chassis_serial.as_deref().and_then(|serial| secrets.in_clear(serial));
}

fn from_dmi(dmi: &Dmi<'_>) -> Motherboard {
    Motherboard {
        vendor: name_of(dmi.text("board_vendor")),
        model: name_of(dmi.text("board_name")),
        bios_version: name_of(dmi.text("bios_version")),
        bios_date: name_of(dmi.text("bios_date")),
        bios_vendor: name_of(dmi.text("bios_vendor")),
        chassis_type: dmi.text("chassis_type").and_then(|code| name(chassis(code.parse().ok()?)?)),
        system_vendor: name_of(dmi.text("sys_vendor")),
        system_model: name_of(system_model(dmi)),
        ..Motherboard::default()
    }
}

/// Lenovo writes a number for the model, and the name that people know for the version.
fn system_model(dmi: &Dmi<'_>) -> Option<String> {
    let field = |file| dmi.text(file).as_deref().and_then(meaningful);
    let product = field("product_name");
    if !field("sys_vendor").is_some_and(|vendor| vendor.eq_ignore_ascii_case("lenovo")) {
        return product;
    }
    match (field("product_version"), product) {
        (Some(version), Some(product)) => Some(format!("{version} ({product})")),
        (version, product) => version.or(product),
    }
}

fn from_device_tree(root: &Root) -> Option<Motherboard> {
    let model = root.text("/proc/device-tree/model")?;
    let compatible = root.text("/proc/device-tree/compatible").unwrap_or_default();
    let maker = compatible.split([',', '\0']).next().unwrap_or_default();
    let vendor = board_maker(maker);
    Some(Motherboard {
        vendor: name(vendor),
        model: name(&model),
        system_vendor: name(vendor),
        system_model: name(&model),
        ..Motherboard::default()
    })
}

/// The prefixes of device-tree names (`vendor-prefixes.yaml` of Linux) of common boards.
fn board_maker(prefix: &str) -> &str {
    match prefix {
        "raspberrypi" => "Raspberry Pi",
        "radxa" => "Radxa",
        "pine64" => "Pine64",
        "friendlyarm" => "FriendlyElec",
        "hardkernel" => "Hardkernel",
        "xunlong" => "Xunlong",
        "khadas" => "Khadas",
        "libretech" => "Libre Computer",
        "nvidia" => "NVIDIA",
        "apple" => "Apple",
        "google" => "Google",
        "starfive" => "StarFive",
        other => other,
    }
}

/// Chassis types of SMBIOS (DSP0134, 7.4.1).
fn chassis(code: u8) -> Option<&'static str> {
    Some(match code {
        3 => "Desktop",
        4 => "Low Profile Desktop",
        5 => "Pizza Box",
        6 => "Mini Tower",
        7 => "Tower",
        8 => "Portable",
        9 => "Laptop",
        10 => "Notebook",
        11 => "Hand Held",
        12 => "Docking Station",
        13 => "All In One",
        14 => "Sub Notebook",
        15 => "Space-saving",
        16 => "Lunch Box",
        17 => "Main Server Chassis",
        23 => "Rack Mount Chassis",
        24 => "Sealed-case PC",
        25 => "Multi-system Chassis",
        28 => "Blade",
        29 => "Blade Enclosure",
        30 => "Tablet",
        31 => "Convertible",
        32 => "Detachable",
        33 => "IoT Gateway",
        34 => "Embedded PC",
        35 => "Mini PC",
        36 => "Stick PC",
        _ => return None,
    })
}
