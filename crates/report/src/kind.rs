//! What sort of machine a report comes from, and what it is called.

use std::fmt;

use crate::hardware::{Hardware, Os};
use crate::report::Report;

/// The kind of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// A computer of its own.
    BareMetal,
    /// A guest of a hypervisor.
    Vm,
    /// A container: it shares its host's kernel.
    Container,
    /// A single-board computer without PC firmware.
    SingleBoard,
}

impl DeviceKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::BareMetal, Self::Vm, Self::Container, Self::SingleBoard];

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BareMetal => "bare_metal",
            Self::Vm => "vm",
            Self::Container => "container",
            Self::SingleBoard => "single_board",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Containers by the names that the service manager gives them (systemd-detect-virt(1)), and their own.
const CONTAINERS: [&str; 14] = [
    "container",
    "container-other",
    "docker",
    "podman",
    "lxc",
    "lxc-libvirt",
    "lxd",
    "incus",
    "openvz",
    "rkt",
    "systemd-nspawn",
    "proot",
    "pouch",
    "kubernetes",
];

/// What sort of machine the report comes from. Without a word on virtualisation: bare metal.
pub fn kind(report: &Report) -> DeviceKind {
    kind_of(&report.hardware)
}

/// The same, of what is known of the hardware.
pub fn kind_of(hardware: &Hardware) -> DeviceKind {
    let os = hardware.os.as_ref();
    let virtualisation = os.and_then(|os| os.virtualization_type.as_deref()).unwrap_or_default();
    let virtualisation = virtualisation.trim().to_ascii_lowercase();
    match virtualisation.as_str() {
        "" | "none" | "no" | "bare_metal" | "baremetal" | "physical" | "xen-dom0" => bare(hardware, os),
        name if CONTAINERS.contains(&name) => DeviceKind::Container,
        _ => DeviceKind::Vm,
    }
}

/// Boards such as the Raspberry Pi describe themselves by a device tree, not by PC firmware.
fn bare(hardware: &Hardware, os: Option<&Os>) -> DeviceKind {
    const PREFIXES: [&str; 3] = ["arm", "aarch64", "riscv"];
    let architecture = os.and_then(|os| os.architecture.as_deref()).unwrap_or_default();
    let board_like = PREFIXES.iter().any(|prefix| architecture.starts_with(prefix));
    let firmware = hardware.motherboard.as_ref().is_some_and(|board| {
        [&board.bios_vendor, &board.chassis_type].into_iter().flatten().any(|text| !text.trim().is_empty())
    });
    if board_like && !firmware { DeviceKind::SingleBoard } else { DeviceKind::BareMetal }
}

/// What people call such a machine: maker and model of the system, else of the board, else the processor's.
pub fn model_label(hardware: &Hardware) -> Option<String> {
    system(hardware).or_else(|| mainboard(hardware)).or_else(|| processor(hardware))
}

/// What machines of one hardware model share, and no others: maker and model of the system, else of the board, else the
/// processor's with the kind. What guests see of the firmware is their hypervisor's, or their host's: they go by the
/// instance type, where a cloud says it there, else by processor and number of threads.
pub fn hardware_model(hardware: &Hardware, kind: DeviceKind) -> Option<String> {
    let threads = || Some(format!(", {} threads", hardware.cpu.as_ref()?.threads?.get()));
    match kind {
        DeviceKind::BareMetal | DeviceKind::SingleBoard => system(hardware)
            .or_else(|| mainboard(hardware))
            .or_else(|| Some(format!("{} ({kind})", processor(hardware)?))),
        DeviceKind::Vm if is_cloud(hardware) => system(hardware),
        DeviceKind::Vm | DeviceKind::Container => {
            Some(format!("{} ({kind}{})", processor(hardware)?, threads().unwrap_or_default()))
        }
    }
}

/// Clouds whose firmware has the instance type as the model of the system.
fn is_cloud(hardware: &Hardware) -> bool {
    const CLOUDS: [&str; 3] = ["amazon ec2", "scaleway", "vultr"];
    let board = hardware.motherboard.as_ref();
    let vendor =
        board.and_then(|board| board.system_vendor.as_deref()).unwrap_or_default().trim().to_lowercase();
    CLOUDS.contains(&vendor.as_str()) && system(hardware).is_some()
}

fn system(hardware: &Hardware) -> Option<String> {
    let board = hardware.motherboard.as_ref()?;
    label(board.system_vendor.as_deref(), board.system_model.as_deref())
}

fn mainboard(hardware: &Hardware) -> Option<String> {
    let board = hardware.motherboard.as_ref()?;
    label(board.vendor.as_deref(), board.model.as_deref())
}

fn processor(hardware: &Hardware) -> Option<String> {
    label(None, hardware.cpu.as_ref()?.model.as_deref())
}

/// `Dell Latitude 7420`; the maker only once, as some repeat it in the model.
fn label(vendor: Option<&str>, model: Option<&str>) -> Option<String> {
    let model = telling(model)?;
    match telling(vendor) {
        Some(vendor) if !model.to_lowercase().starts_with(&vendor.to_lowercase()) => {
            Some(format!("{vendor} {model}"))
        }
        _ => Some(model.to_owned()),
    }
}

/// What makers leave in the firmware when they have nothing to say.
fn telling(text: Option<&str>) -> Option<&str> {
    const PLACEHOLDERS: [&str; 18] = [
        "to be filled by o.e.m.",
        "to be filled by oem",
        "default string",
        "system product name",
        "system manufacturer",
        "system version",
        "base board product name",
        "base board manufacturer",
        "product name",
        "undefined",
        "not specified",
        "not applicable",
        "unknown",
        "none",
        "n/a",
        "o.e.m.",
        "oem",
        "empty",
    ];
    let text = text?.trim();
    (!text.is_empty() && !PLACEHOLDERS.contains(&text.to_lowercase().as_str())).then_some(text)
}
