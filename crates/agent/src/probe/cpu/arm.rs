//! Names of ARM implementers and cores, by the numbers of their ID register.
//!
//! The numbers are those of the architecture's MIDR register and of Linux' `cputype.h`.

use std::collections::BTreeSet;

use super::cpuinfo::{CpuInfo, hex};

/// The maker of a core.
pub(crate) fn implementer(code: u32) -> Option<&'static str> {
    Some(match code {
        0x41 => "ARM",
        0x42 => "Broadcom",
        0x43 => "Cavium",
        0x46 => "Fujitsu",
        0x48 => "HiSilicon",
        0x4e => "NVIDIA",
        0x50 => "APM",
        0x51 => "Qualcomm",
        0x53 => "Samsung",
        0x56 => "Marvell",
        0x61 => "Apple",
        0x69 => "Intel",
        0x6d => "Microsoft",
        0x70 => "Phytium",
        0xc0 => "Ampere",
        _ => return None,
    })
}

/// The name of a core, or its numbers.
pub(crate) fn core(implementer: u32, part: u32) -> String {
    let known = match implementer {
        0x41 => arm_part(part),
        _ => other_part(implementer, part),
    };
    known.map_or_else(|| format!("0x{implementer:02x}:0x{part:03x}"), str::to_owned)
}

/// The names of all kinds of cores, joined: `Cortex-A55 + Cortex-A76`.
pub(crate) fn cores(info: &CpuInfo) -> Option<String> {
    let kind = |fields: &std::collections::BTreeMap<String, String>| {
        Some(core(hex(fields.get("CPU implementer")?)?, hex(fields.get("CPU part")?)?))
    };
    let kinds: BTreeSet<String> = info.processors.iter().filter_map(kind).collect();
    let kinds: Vec<String> = kinds.into_iter().collect();
    (!kinds.is_empty()).then(|| kinds.join(" + "))
}

fn arm_part(part: u32) -> Option<&'static str> {
    const PARTS: &[(u32, &str)] = &[
        (0xb76, "ARM1176"),
        (0xc05, "Cortex-A5"),
        (0xc07, "Cortex-A7"),
        (0xc08, "Cortex-A8"),
        (0xc09, "Cortex-A9"),
        (0xc0e, "Cortex-A17"),
        (0xc0f, "Cortex-A15"),
        (0xd01, "Cortex-A32"),
        (0xd02, "Cortex-A34"),
        (0xd03, "Cortex-A53"),
        (0xd04, "Cortex-A35"),
        (0xd05, "Cortex-A55"),
        (0xd06, "Cortex-A65"),
        (0xd07, "Cortex-A57"),
        (0xd08, "Cortex-A72"),
        (0xd09, "Cortex-A73"),
        (0xd0a, "Cortex-A75"),
        (0xd0b, "Cortex-A76"),
        (0xd0c, "Neoverse-N1"),
        (0xd0d, "Cortex-A77"),
        (0xd0e, "Cortex-A76AE"),
        (0xd40, "Neoverse-V1"),
        (0xd41, "Cortex-A78"),
        (0xd42, "Cortex-A78AE"),
        (0xd44, "Cortex-X1"),
        (0xd46, "Cortex-A510"),
        (0xd47, "Cortex-A710"),
        (0xd48, "Cortex-X2"),
        (0xd49, "Neoverse-N2"),
        (0xd4a, "Neoverse-E1"),
        (0xd4b, "Cortex-A78C"),
        (0xd4d, "Cortex-A715"),
        (0xd4e, "Cortex-X3"),
        (0xd4f, "Neoverse-V2"),
        (0xd80, "Cortex-A520"),
        (0xd81, "Cortex-A720"),
        (0xd82, "Cortex-X4"),
        (0xd84, "Neoverse-V3"),
        (0xd85, "Cortex-X925"),
        (0xd87, "Cortex-A725"),
        (0xd8e, "Neoverse-N3"),
    ];
    PARTS.iter().find(|(number, _)| *number == part).map(|(_, name)| *name)
}

fn other_part(implementer: u32, part: u32) -> Option<&'static str> {
    Some(match (implementer, part) {
        (0x43, 0x0a1) => "ThunderX",
        (0x43, 0x0af) => "ThunderX2",
        (0x46, 0x001) => "A64FX",
        (0x48, 0xd01) => "TaiShan v110",
        (0x4e, 0x003) => "Denver 2",
        (0x4e, 0x004) => "Carmel",
        (0x51, 0x001) => "Oryon",
        (0x51, 0xc00) => "Falkor",
        (0x61, 0x022 | 0x024 | 0x028) => "Icestorm",
        (0x61, 0x023 | 0x025 | 0x029) => "Firestorm",
        (0x61, 0x032 | 0x034 | 0x038) => "Blizzard",
        (0x61, 0x033 | 0x035 | 0x039) => "Avalanche",
        (0xc0, 0xac3) => "Ampere-1",
        (0xc0, 0xac4) => "Ampere-1A",
        _ => return None,
    })
}
