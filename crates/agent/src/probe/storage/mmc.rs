//! eMMC chips and SD cards.

use super::drive::Drive;
use super::health::Health;
use crate::probe::root::Root;

/// Adds what the chip's registers say.
pub(super) fn describe(root: &Root, drive: &mut Drive) {
    let field = |file: &str| root.text(&format!("/sys/block/{}/device/{file}", drive.name));
    let is_card = field("type").as_deref() == Some("SD");
    let maker = field("manfid").and_then(|code| maker(&code, is_card)).map(str::to_owned);
    let (model, serial, firmware) = (field("name"), field("serial"), field("fwrev"));
    drive.kind = if is_card { "SD" } else { "eMMC" };
    drive.interface = Some(if is_card { "SD" } else { "MMC" }.to_owned());
    drive.vendor = maker;
    drive.model = model;
    drive.serial = serial.filter(|serial| serial.trim_start_matches("0x").bytes().any(|byte| byte != b'0'));
    drive.firmware = firmware;
}

/// Wear and state by the extended registers (JEDEC 84-B51: DEVICE_LIFE_TIME_EST, PRE_EOL_INFO).
pub(super) fn health(root: &Root, name: &str) -> Option<Health> {
    let life = root.text(&format!("/sys/block/{name}/device/life_time"));
    let steps = life.iter().flat_map(|text| text.split_whitespace()).filter_map(hex);
    // Each step is a tenth of the life used up; 0 is not defined.
    let wear = steps.filter(|step| (1..=11).contains(step)).max().map(|step| f64::from(step) * 10.0);
    let state = root.text(&format!("/sys/block/{name}/device/pre_eol_info")).and_then(|text| hex(&text));
    let passed = match state {
        Some(1 | 2) => Some(true),
        Some(3) => Some(false),
        _ => None,
    };
    (wear.is_some() || passed.is_some()).then(|| Health { passed, wear_percent: wear, ..Health::default() })
}

fn hex(text: &str) -> Option<u32> {
    u32::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok()
}

/// Makers by the number in the CID register; chips and cards count differently.
fn maker(code: &str, is_card: bool) -> Option<&'static str> {
    Some(match (is_card, hex(code)? & 0xff) {
        (true, 0x02) => "Toshiba",
        (true, 0x03) => "SanDisk",
        (true, 0x1b) => "Samsung",
        (true, 0x1d) => "ADATA",
        (true, 0x28) => "Lexar",
        (true, 0x41) => "Kingston",
        (true, 0x74) => "Transcend",
        (false, 0x11) => "Toshiba",
        (false, 0x13 | 0xfe) => "Micron",
        (false, 0x15) => "Samsung",
        (false, 0x45 | 0x02) => "SanDisk",
        (false, 0x70) => "Kingston",
        (false, 0x90) => "SK hynix",
        _ => return None,
    })
}
