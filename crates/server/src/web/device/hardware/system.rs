//! Graphics, board, operating system, sensors: sections of plain facts.

use report::hardware::{Gpu, Motherboard, Os, Sensors};

use crate::web::device::section::{Facts, Section, mib, summary};
use crate::web::numbers::{whole, with_unit};
use crate::web::words::Words;

/// The cards by name; what is known of each below.
pub(super) fn graphics(words: &Words, cards: &[Gpu]) -> Section {
    let name = |card: &Gpu| {
        summary([card.vendor.as_ref().map(ToString::to_string), card.model.as_ref().map(ToString::to_string)])
            .replace(" · ", " ")
    };
    let facts = cards.iter().flat_map(|card| {
        let size = |size: Option<report::number::Whole>| size.map(|size| mib(words, size.get() as f64));
        let api = card.api_support.as_ref();
        let api = api.map(|all| all.iter().map(|api| api.as_str()).collect::<Vec<_>>().join(", "));
        Facts::new(words)
            .text("model", Some(&name(card)))
            .text("driver", card.driver.as_deref())
            .text("driver-version", card.driver_version.as_deref())
            .text("own-memory", size(card.memory_dedicated_mb).as_deref())
            .text("shared-memory", size(card.memory_shared_mb).as_deref())
            .text("api", api.as_deref())
            .text("pci-id", card.pci_id.as_deref())
            .lines()
    });
    Section {
        summary: summary(cards.iter().map(|card| Some(name(card)))),
        facts: facts.collect(),
        ..Section::default()
    }
}

/// Maker and model; firmware below.
pub(super) fn board(words: &Words, board: &Motherboard) -> Section {
    let text = |name: &Option<report::text::Name>| name.as_ref().map(ToString::to_string);
    let facts = Facts::new(words)
        .text("system-vendor", board.system_vendor.as_deref())
        .text("system-model", board.system_model.as_deref())
        .text("chassis", board.chassis_type.as_deref())
        .text("bios-vendor", board.bios_vendor.as_deref())
        .text("bios-version", board.bios_version.as_deref())
        .text("bios-date", board.bios_date.as_deref())
        .text("board-serial", board.serial.as_deref())
        .text("system-serial", board.system_serial.as_deref());
    Section {
        summary: summary([text(&board.vendor), text(&board.model)]).replace(" · ", " "),
        facts: facts.lines(),
        ..Section::default()
    }
}

/// Distribution and kernel; the rest below.
pub(super) fn os(words: &Words, os: &Os) -> Section {
    let text = |name: &Option<report::text::Name>| name.as_ref().map(ToString::to_string);
    let kernel = os.kernel_version.as_ref().map(|kernel| format!("Linux {kernel}"));
    let facts = Facts::new(words)
        .text("hostname", os.hostname.as_deref())
        .text("fqdn", os.fqdn.as_deref())
        .text("virtualization", os.virtualization_type.as_deref())
        .text("boot-mode", os.boot_mode.as_deref())
        .text("cmdline", os.cmdline.as_deref());
    Section {
        summary: summary([
            Some(summary([text(&os.name), text(&os.version)]).replace(" · ", " ")),
            kernel,
            text(&os.architecture),
        ]),
        facts: facts.lines(),
        ..Section::default()
    }
}

/// Temperatures and fans at the time of the report.
pub(super) fn sensors(words: &Words, sensors: &Sensors) -> Section {
    let language = words.language();
    let celsius = |value: f64| with_unit(language, value, "°C");
    let cpu = sensors.cpu_temp_c.map(|value| celsius(value.get()));
    let mut facts = Facts::new(words).text("cpu-temp", cpu.as_deref()).lines();
    let disks = sensors.disk_temps_c.iter().chain(sensors.temps_c.iter()).flatten();
    facts.extend(disks.map(|(name, value)| (name.clone(), celsius(value.get()))));
    let fans = sensors.fans_rpm.iter().flatten();
    facts
        .extend(fans.map(|(name, rpm)| (name.clone(), format!("{} rpm", whole(language, rpm.get() as u64)))));
    let processor = cpu.map(|value| words.with("sensor-cpu", &[("value", value.into())]));
    Section { summary: summary([processor]), facts, ..Section::default() }
}
