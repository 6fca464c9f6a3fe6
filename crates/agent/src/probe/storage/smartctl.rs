//! The health of SATA, SAS and USB drives, as smartmontools reads it.

use std::time::Duration;

use serde::Deserialize;

use super::health::Health;
use crate::probe::outside::RunError;
use crate::probe::root::Root;

/// A drive that spins up takes longer, and is left asleep.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Asks `smartctl`, where it is installed and allowed to ask the drive.
pub(super) fn read(root: &Root, name: &str) -> Result<Health, RunError> {
    let outside = root.outside();
    if !outside.is_root() {
        return Err(RunError::NotPermitted);
    }
    let device = format!("/dev/{name}");
    let output = outside.run("smartctl", &["--json", "--nocheck=standby", "--all", &device], TIMEOUT)?;
    parse(&output).ok_or(RunError::Failed)
}

/// The parts of `smartctl --json` that matter here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Output {
    smart_status: Option<Status>,
    temperature: Option<Temperature>,
    power_on_time: Option<PowerOn>,
    ata_smart_attributes: Option<Attributes>,
    endurance_used: Option<Endurance>,
    scsi_grown_defect_list: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Status {
    passed: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Temperature {
    current: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct PowerOn {
    hours: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Endurance {
    current_percent: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Attributes {
    #[serde(default)]
    table: Vec<Attribute>,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    id: u32,
    #[serde(default)]
    value: u32,
    raw: Option<Raw>,
}

#[derive(Debug, Deserialize)]
struct Raw {
    value: u64,
}

fn parse(output: &[u8]) -> Option<Health> {
    let output: Output = serde_json::from_slice(output).ok()?;
    let table = output.ata_smart_attributes.map(|attributes| attributes.table).unwrap_or_default();
    let raw = |id: u32| table.iter().find(|attribute| attribute.id == id)?.raw.as_ref().map(|raw| raw.value);
    // The life that is left, in percent, as makers number it: 231, 202 (Micron), 177 (Samsung), 233 (Intel).
    let left = [231, 202, 177, 233].iter().find_map(|id| table.iter().find(|attribute| attribute.id == *id));
    let wear =
        left.filter(|attribute| attribute.value <= 100).map(|attribute| f64::from(100 - attribute.value));
    let health = Health {
        passed: output.smart_status.and_then(|status| status.passed),
        temperature_c: output.temperature.and_then(|temperature| temperature.current),
        wear_percent: output.endurance_used.and_then(|used| used.current_percent).or(wear),
        power_on_hours: output.power_on_time.and_then(|time| time.hours),
        media_errors: raw(187),
        reallocated_sectors: raw(5).or(output.scsi_grown_defect_list),
    };
    (health != Health::default()).then_some(health)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sata_drive() {
        let output =
            br#"{"smart_status":{"passed":true},"temperature":{"current":31},"power_on_time":{"hours":20123},
            "ata_smart_attributes":{"table":[{"id":5,"value":100,"raw":{"value":8,"string":"8"}},
            {"id":177,"value":97,"raw":{"value":55}},{"id":187,"value":100,"raw":{"value":2}}]}}"#;
        let health = parse(output).expect("an answer");
        assert_eq!(health.passed, Some(true));
        assert_eq!(health.wear_percent, Some(3.0));
        assert_eq!((health.reallocated_sectors, health.media_errors), (Some(8), Some(2)));
    }

    #[test]
    fn a_sleeping_drive_tells_nothing() {
        assert_eq!(parse(br#"{"smartctl":{"exit_status":2},"power_mode":{"ata_value":0}}"#), None);
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(output in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&output);
        }
    }
}
