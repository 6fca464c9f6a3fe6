//! The kernel's hardware monitoring: chips with temperatures and fans.

use super::root::Root;

/// All chips.
pub(crate) const CHIPS: &str = "/sys/class/hwmon";

/// What no working sensor shows, °C: unconnected inputs answer with the ends of their scale.
const PLAUSIBLE: std::ops::Range<f64> = -55.0..125.0;

/// The chips that a device brings with it: in its own folder, or in one called `hwmon`.
pub(crate) fn folders_under(root: &Root, device: &str) -> Vec<String> {
    let in_folder = |folder: &str| -> Vec<String> {
        let chips = root.names(folder).into_iter().filter(|name| {
            name.strip_prefix("hwmon")
                .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        });
        chips.map(|chip| format!("{folder}/{chip}")).collect()
    };
    let mut found = in_folder(device);
    found.extend(in_folder(&format!("{device}/hwmon")));
    found
}

/// A temperature input (`temp1_input`, thousandths of a degree), °C.
pub(crate) fn celsius(root: &Root, folder: &str, input: &str) -> Option<f64> {
    let thousandths: i64 = root.number(&format!("{folder}/{input}"))?;
    let celsius = thousandths as f64 / 1000.0;
    // A thermometer that shows exactly nothing is not connected.
    (PLAUSIBLE.contains(&celsius) && thousandths != 0).then_some(celsius)
}

/// The numbered inputs of a kind in a chip's folder: `temp` gives `temp1`, `temp2` …
pub(crate) fn inputs(root: &Root, folder: &str, kind: &str) -> Vec<String> {
    let input = |name: String| {
        let stem = name.strip_suffix("_input")?;
        let number = stem.strip_prefix(kind)?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then(|| stem.to_owned())
    };
    root.names(folder).into_iter().filter_map(input).collect()
}
