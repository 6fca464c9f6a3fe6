//! Names of x86 microarchitectures, by family and model (and stepping, where makers reused both).
//!
//! The numbers are those that the makers publish, as Linux' `intel-family.h` and AMD's guides list them.

use super::cpuinfo::CpuInfo;

/// The microarchitecture, where the numbers are known.
pub(crate) fn microarchitecture(info: &CpuInfo) -> Option<&'static str> {
    let (family, model) = (info.number("cpu family")?, info.number("model")?);
    match info.field("vendor_id")? {
        "GenuineIntel" => intel(family, model, info.number("stepping").unwrap_or(0)),
        "AuthenticAMD" => amd(family, model),
        "HygonGenuine" => Some("Dhyana"),
        _ => None,
    }
}

fn intel(family: u32, model: u32, stepping: u32) -> Option<&'static str> {
    match (family, model) {
        (15, _) => Some("NetBurst"),
        (6, 0x55) => Some(match stepping {
            0..=4 => "Skylake",
            5..=7 => "Cascade Lake",
            _ => "Cooper Lake",
        }),
        (6, 0x8e | 0x9e) => Some(match (model, stepping) {
            (_, 0..=9) => "Kaby Lake",
            (0x8e, 11..) => "Whiskey Lake",
            _ => "Coffee Lake",
        }),
        (6, _) => intel_core(model).or_else(|| intel_atom(model)),
        _ => None,
    }
}

fn intel_core(model: u32) -> Option<&'static str> {
    Some(match model {
        0x09 | 0x0d => "Pentium M",
        0x0e => "Yonah",
        0x0f | 0x16 => "Core",
        0x17 | 0x1d => "Penryn",
        0x1a | 0x1e | 0x1f | 0x2e => "Nehalem",
        0x25 | 0x2c | 0x2f => "Westmere",
        0x2a | 0x2d => "Sandy Bridge",
        0x3a | 0x3e => "Ivy Bridge",
        0x3c | 0x3f | 0x45 | 0x46 => "Haswell",
        0x3d | 0x47 | 0x4f | 0x56 => "Broadwell",
        0x4e | 0x5e => "Skylake",
        0xa5 | 0xa6 => "Comet Lake",
        0x66 => "Cannon Lake",
        0x6a | 0x6c | 0x7d | 0x7e => "Ice Lake",
        0x8c | 0x8d => "Tiger Lake",
        0xa7 => "Rocket Lake",
        0x97 | 0x9a => "Alder Lake",
        0xb7 | 0xba | 0xbf => "Raptor Lake",
        0x8f => "Sapphire Rapids",
        0xcf => "Emerald Rapids",
        0xad | 0xae => "Granite Rapids",
        0xaa | 0xac => "Meteor Lake",
        0xb5 | 0xc5 | 0xc6 => "Arrow Lake",
        0xbd => "Lunar Lake",
        0xcc => "Panther Lake",
        _ => return None,
    })
}

fn intel_atom(model: u32) -> Option<&'static str> {
    Some(match model {
        0x1c | 0x26 => "Bonnell",
        0x27 | 0x35 | 0x36 => "Saltwell",
        0x37 | 0x4a | 0x4d | 0x5a | 0x5d => "Silvermont",
        0x4c | 0x75 => "Airmont",
        0x5c | 0x5f => "Goldmont",
        0x7a => "Goldmont Plus",
        0x86 | 0x96 | 0x9c => "Tremont",
        0x8a => "Lakefield",
        0xbe => "Gracemont",
        0xaf | 0xb6 => "Crestmont",
        0xdd => "Darkmont",
        0x57 => "Knights Landing",
        0x85 => "Knights Mill",
        _ => return None,
    })
}

fn amd(family: u32, model: u32) -> Option<&'static str> {
    Some(match (family, model) {
        (0x0f, _) => "K8",
        (0x10 | 0x12, _) => "K10",
        (0x14, _) => "Bobcat",
        (0x15, 0x00 | 0x01) => "Bulldozer",
        (0x15, 0x02 | 0x10..=0x1f) => "Piledriver",
        (0x15, 0x30..=0x3f) => "Steamroller",
        (0x15, 0x60..=0x7f) => "Excavator",
        (0x16, 0x00..=0x0f) => "Jaguar",
        (0x16, 0x30..=0x3f) => "Puma",
        (0x17, 0x08 | 0x18) => "Zen+",
        (0x17, 0x00..=0x2f) => "Zen",
        (0x17, _) => "Zen 2",
        (0x19, 0xa0..=0xaf) => "Zen 4c",
        (0x19, 0x10..=0x1f | 0x60..=0x7f) => "Zen 4",
        (0x19, 0x40..=0x4f) => "Zen 3+",
        (0x19, _) => "Zen 3",
        (0x1a, 0x00..=0x4f | 0x60..=0x7f) => "Zen 5",
        (0x1a, _) => "Zen 6",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{amd, intel};

    #[test]
    fn steppings_tell_apart_what_models_do_not() {
        assert_eq!(intel(6, 0x55, 4), Some("Skylake"));
        assert_eq!(intel(6, 0x55, 7), Some("Cascade Lake"));
        assert_eq!(intel(6, 0x9e, 9), Some("Kaby Lake"));
        assert_eq!(intel(6, 0x9e, 13), Some("Coffee Lake"));
        assert_eq!(intel(6, 0x8e, 10), Some("Coffee Lake"));
        assert_eq!(intel(6, 0x8e, 12), Some("Whiskey Lake"));
        assert_eq!(intel(6, 106, 6), Some("Ice Lake"));
        assert_eq!(intel(6, 0xfe, 0), None);
        assert_eq!(amd(0x17, 0x71), Some("Zen 2"));
        assert_eq!(amd(0x19, 0x21), Some("Zen 3"));
        assert_eq!(amd(0x19, 0x61), Some("Zen 4"));
    }
}
