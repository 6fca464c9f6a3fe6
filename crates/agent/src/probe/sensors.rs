//! Temperatures and fans at this moment.

use std::collections::BTreeMap;

use report::hardware::Sensors;
use report::number::{Celsius, Quantity};

use super::gaps::Gaps;
use super::hwmon::{self, CHIPS};
use super::root::Root;
use super::text::meaningful;

const ZONES: &str = "/sys/class/thermal";
/// Drivers of processors' own thermometers.
const CPU_CHIPS: [&str; 6] = ["coretemp", "k10temp", "zenpower", "cpu_thermal", "soc_thermal", "via_cputemp"];
/// Inputs of a processor's chip that stand for the whole of it.
const PACKAGE: [&str; 4] = ["package", "tdie", "tctl", "physical"];

/// Reads the sensors. In a container the drives are not shown, as they are the host's.
pub(crate) fn read(root: &Root, container: bool, gaps: &mut Gaps) -> Sensors {
    let chips: Vec<String> = root.names(CHIPS).into_iter().map(|chip| format!("{CHIPS}/{chip}")).collect();
    let mut found = Found::default();
    for folder in &chips {
        found.chip(root, folder);
    }
    let cpu_temp_c = found.cpu.or_else(|| cpu_zone(root));
    let sensors = Sensors {
        cpu_temp_c: cpu_temp_c.and_then(Celsius::new),
        disk_temps_c: Some(found.disks).filter(|disks| !disks.is_empty() && !container),
        fans_rpm: Some(found.fans).filter(|fans| !fans.is_empty()),
        temps_c: Some(found.others).filter(|others| !others.is_empty()),
    };
    gaps.expect("hardware.sensors.cpu_temp_c", sensors.cpu_temp_c);
    sensors
}

/// The temperature of the processor package alone, °C.
pub(crate) fn cpu_temperature(root: &Root) -> Option<f64> {
    let mut found = Found::default();
    for chip in root.names(CHIPS) {
        let folder = format!("{CHIPS}/{chip}");
        if root.text(&format!("{folder}/name")).is_some_and(|name| CPU_CHIPS.contains(&name.as_str())) {
            found.chip(root, &folder);
        }
    }
    found.cpu.or_else(|| cpu_zone(root))
}

#[derive(Default)]
struct Found {
    cpu: Option<f64>,
    disks: BTreeMap<String, Celsius>,
    fans: BTreeMap<String, Quantity>,
    others: BTreeMap<String, Celsius>,
}

impl Found {
    fn chip(&mut self, root: &Root, folder: &str) {
        let label_in = |file: &str| root.text(&format!("{folder}/{file}")).as_deref().and_then(meaningful);
        let Some(chip) = label_in("name") else { return };
        for input in hwmon::inputs(root, folder, "temp") {
            let Some(celsius) = hwmon::celsius(root, folder, &format!("{input}_input")) else { continue };
            let label = label_in(&format!("{input}_label"));
            let drive = drive_of(root, folder, &chip);
            self.temperature(&chip, label.as_deref().unwrap_or(&input), celsius, drive);
        }
        for input in hwmon::inputs(root, folder, "fan") {
            let label = label_in(&format!("{input}_label")).unwrap_or_else(|| input.clone());
            let rpm = root.number::<u32>(&format!("{folder}/{input}_input"));
            // Headers without a fan show 0 for ever.
            if let Some(rpm) = rpm.filter(|rpm| *rpm > 0).and_then(|rpm| Quantity::new(f64::from(rpm))) {
                self.fans.insert(unused(&self.fans, format!("{chip} {label}")), rpm);
            }
        }
    }

    fn temperature(&mut self, chip: &str, label: &str, celsius: f64, drive: Option<String>) {
        let Some(real) = Celsius::new(celsius) else { return };
        let lower = label.to_lowercase();
        if CPU_CHIPS.contains(&chip) {
            let whole = PACKAGE.iter().any(|word| lower.starts_with(word)) || chip.ends_with("thermal");
            if whole {
                self.cpu = Some(self.cpu.map_or(celsius, |highest| highest.max(celsius)));
            }
        } else if let Some(disk) = drive {
            // The first input is the drive's own; others are single sensors in it.
            self.disks.entry(disk).or_insert(real);
        } else {
            self.others.insert(unused(&self.others, format!("{chip} {label}")), real);
        }
    }
}

/// The name, or with a number behind where two chips are called alike.
fn unused<T>(map: &BTreeMap<String, T>, name: String) -> String {
    let numbered = (2..).map(|number| format!("{name} #{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !map.contains_key(name)).unwrap_or(name)
}

/// `/dev/sda`, for the chip that is a drive's.
fn drive_of(root: &Root, folder: &str, chip: &str) -> Option<String> {
    let block = match chip {
        "nvme" => namespace(root, folder)?,
        "drivetemp" => root.names(&format!("{folder}/device/block")).into_iter().next()?,
        _ => return None,
    };
    Some(format!("/dev/{block}"))
}

/// `nvme0n1` among what stands in a controller's folder.
fn namespace(root: &Root, folder: &str) -> Option<String> {
    root.names(&format!("{folder}/device")).into_iter().find(|name| {
        name.strip_prefix("nvme").and_then(|rest| rest.split_once('n')).is_some_and(|(controller, number)| {
            [controller, number]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        })
    })
}

/// Boards show their processor as a thermal zone.
fn cpu_zone(root: &Root) -> Option<f64> {
    const KINDS: [&str; 5] = ["x86_pkg_temp", "cpu-thermal", "cpu_thermal", "soc-thermal", "soc_thermal"];
    let zones = root.names(ZONES).into_iter().filter(|zone| zone.starts_with("thermal_zone"));
    let read = |zone: String| {
        let folder = format!("{ZONES}/{zone}");
        let kind = root.text(&format!("{folder}/type"))?;
        KINDS
            .iter()
            .any(|known| kind.starts_with(known))
            .then(|| hwmon::celsius(root, &folder, "temp"))
            .flatten()
    };
    zones.filter_map(read).reduce(f64::max)
}
