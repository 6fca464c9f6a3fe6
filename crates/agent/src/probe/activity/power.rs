//! How fast the processors run and what holds them back: frequency, heat, supply.

use super::times::Times;
use crate::probe::hwmon::CHIPS;
use crate::probe::root::Root;
use crate::probe::sensors;
use crate::probe::text::pairs;

const CPUS: &str = "/sys/devices/system/cpu";
const SUPPLIES: &str = "/sys/class/power_supply";
/// Bit 0 of the Raspberry Pi's firmware word: the supply voltage is too low now.
const UNDER_VOLTAGE_NOW: u32 = 1;

/// Who chooses the frequency of the first processor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Governor {
    pub(crate) name: Option<String>,
    pub(crate) driver: Option<String>,
}

pub(crate) fn governor(root: &Root) -> Governor {
    let read = |file: &str| root.text(&format!("{CPUS}/cpu0/cpufreq/{file}"));
    Governor { name: read("scaling_governor"), driver: read("scaling_driver") }
}

/// How fast a processor runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Speed {
    pub(crate) mhz: f64,
    /// The most that it could, kHz: what tells fast cores from slow ones.
    pub(crate) highest_khz: Option<u64>,
}

/// The speed of the processor that did most in this span.
pub(crate) fn busy_speed(root: &Root, span: &Times) -> Option<Speed> {
    let busiest = span.busiest()?;
    let read = |file: &str| root.number::<u64>(&format!("{CPUS}/cpu{busiest}/cpufreq/{file}"));
    let mhz = read("scaling_cur_freq").map(|khz| khz as f64 / 1000.0).or_else(|| told_mhz(root, busiest));
    let mhz = mhz.filter(|mhz| *mhz > 0.0)?;
    Some(Speed { mhz, highest_khz: read("cpuinfo_max_freq") })
}

fn told_mhz(root: &Root, processor: u64) -> Option<f64> {
    let text = root.text("/proc/cpuinfo")?;
    let mut here = false;
    for (key, value) in pairs(&text, ':') {
        match key {
            "processor" => here = value.parse() == Ok(processor),
            "cpu MHz" if here => return value.parse().ok(),
            _ => {}
        }
    }
    None
}

/// Temperature of the processor package, °C.
pub(crate) fn cpu_temperature(root: &Root) -> Option<f64> {
    sensors::cpu_temperature(root)
}

/// How often the processors' own protection has slowed them down since the start of the machine.
pub(crate) fn throttle_events(root: &Root) -> Option<u64> {
    let processors = root.names(CPUS).into_iter().filter(|name| {
        name.strip_prefix("cpu").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    // Every processor shows the counter of its package: adding them up counts an event more than once, which
    // does not matter where only that it moved does.
    let counters = processors.flat_map(|name| {
        ["core_throttle_count", "package_throttle_count"]
            .map(|counter| root.number::<u64>(&format!("{CPUS}/{name}/thermal_throttle/{counter}")))
    });
    counters.flatten().reduce(u64::saturating_add)
}

/// The firmware says that the supply voltage is too low; `None` where no firmware says anything.
pub(crate) fn under_voltage(root: &Root) -> Option<bool> {
    let word = root.text("/sys/devices/platform/soc/soc:firmware/get_throttled");
    let word = word.and_then(|text| u32::from_str_radix(text.trim_start_matches("0x"), 16).ok());
    let chips = root.names(CHIPS).into_iter().map(|chip| format!("{CHIPS}/{chip}"));
    let alarm = chips
        .filter(|folder| root.text(&format!("{folder}/name")).as_deref() == Some("rpi_volt"))
        .find_map(|folder| root.number::<u32>(&format!("{folder}/in0_lcrit_alarm")));
    match (word, alarm) {
        (None, None) => None,
        (word, alarm) => Some(word.is_some_and(|word| word & UNDER_VOLTAGE_NOW != 0) || alarm == Some(1)),
    }
}

/// `mains` or `battery`; `None` on machines that do not know batteries.
pub(crate) fn power_source(root: &Root) -> Option<&'static str> {
    let mut battery = false;
    let mut mains = None;
    for supply in root.names(SUPPLIES) {
        let read = |file: &str| root.text(&format!("{SUPPLIES}/{supply}/{file}"));
        // Mice and keyboards have batteries too.
        if read("scope").as_deref() == Some("Device") {
            continue;
        }
        match read("type").as_deref() {
            Some("Battery") => battery |= read("status").as_deref() == Some("Discharging"),
            Some("Mains" | "USB") => {
                let online = matches!(read("online").as_deref(), Some(state) if state != "0");
                mains = Some(mains.unwrap_or(false) | online);
            }
            _ => {}
        }
    }
    match (battery, mains) {
        // A battery may be drained beside a supply that is too weak.
        (true, Some(true)) => Some("mains"),
        (true, _) => Some("battery"),
        (false, Some(true)) => Some("mains"),
        (false, Some(false)) => Some("battery"),
        (false, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tree_tests::Tree;
    use super::*;

    #[test]
    fn the_power_source_of_laptops_and_of_others() {
        let tree = Tree::new();
        let supply = |name: &str, file: &str, text: &str| {
            tree.write(&format!("{SUPPLIES}/{name}/{file}"), text);
        };
        assert_eq!(power_source(&tree.root()), None);
        supply("mouse", "type", "Battery");
        supply("mouse", "status", "Discharging");
        supply("mouse", "scope", "Device");
        assert_eq!(power_source(&tree.root()), None);
        supply("BAT0", "type", "Battery");
        supply("BAT0", "status", "Discharging");
        supply("AC", "type", "Mains");
        supply("AC", "online", "0");
        assert_eq!(power_source(&tree.root()), Some("battery"));
        supply("AC", "online", "1");
        assert_eq!(power_source(&tree.root()), Some("mains"));
    }

    #[test]
    fn the_frequency_is_that_of_the_busiest_processor() {
        let tree = Tree::new();
        let span = Times { each: vec![(0, 3), (1, 90)], ..Times::default() };
        tree.write("/proc/cpuinfo", "processor : 0\ncpu MHz : 800.5\n\nprocessor : 1\ncpu MHz : 2800.25\n");
        assert_eq!(busy_speed(&tree.root(), &span), Some(Speed { mhz: 2800.25, highest_khz: None }));
        tree.write(&format!("{CPUS}/cpu1/cpufreq/scaling_cur_freq"), "3500000\n");
        tree.write(&format!("{CPUS}/cpu1/cpufreq/cpuinfo_max_freq"), "4700000\n");
        let speed = Speed { mhz: 3500.0, highest_khz: Some(4_700_000) };
        assert_eq!(busy_speed(&tree.root(), &span), Some(speed));
        assert_eq!(busy_speed(&tree.root(), &Times::default()), None);
    }

    #[test]
    fn heat_and_supply_are_told_by_counters_and_alarms() {
        let tree = Tree::new();
        assert_eq!((throttle_events(&tree.root()), under_voltage(&tree.root())), (None, None));
        tree.write(&format!("{CPUS}/cpu0/thermal_throttle/core_throttle_count"), "3\n");
        tree.write(&format!("{CPUS}/cpu1/thermal_throttle/package_throttle_count"), "4\n");
        assert_eq!(throttle_events(&tree.root()), Some(7));
        tree.write(&format!("{CHIPS}/hwmon1/name"), "rpi_volt\n");
        tree.write(&format!("{CHIPS}/hwmon1/in0_lcrit_alarm"), "0\n");
        assert_eq!(under_voltage(&tree.root()), Some(false));
        tree.write(&format!("{CHIPS}/hwmon1/in0_lcrit_alarm"), "1\n");
        assert_eq!(under_voltage(&tree.root()), Some(true));
        tree.remove(&format!("{CHIPS}/hwmon1/in0_lcrit_alarm"));
        // Bit 16: it was too low once, long ago.
        tree.write("/sys/devices/platform/soc/soc:firmware/get_throttled", "10000\n");
        assert_eq!(under_voltage(&tree.root()), Some(false));
        tree.write("/sys/devices/platform/soc/soc:firmware/get_throttled", "50001\n");
        assert_eq!(under_voltage(&tree.root()), Some(true));
    }
}
