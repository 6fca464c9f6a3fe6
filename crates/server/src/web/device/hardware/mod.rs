//! The hardware, section by section.

mod memory;
mod network;
mod processor;
mod storage;
mod system;

use super::missing;
use super::section::Section;
use crate::domain::device_page::DevicePage as Machine;
use crate::web::words::Words;

/// All sections that say anything, in order.
pub(crate) fn sections(words: &Words, machine: &Machine) -> Vec<Section> {
    let hardware = &machine.hardware;
    let read = [
        ("processor", "hardware.cpu", section(hardware.cpu.as_ref(), |cpu| processor::section(words, cpu))),
        ("memory", "hardware.ram", section(hardware.ram.as_ref(), |ram| memory::section(words, ram))),
        ("storage", "hardware.storage", section(hardware.storage.as_ref(), |s| storage::section(words, s))),
        ("graphics", "hardware.gpu", system::graphics(words, hardware.graphics())),
        ("network", "hardware.network", section(hardware.network.as_ref(), |n| network::section(words, n))),
        (
            "board",
            "hardware.motherboard",
            section(hardware.motherboard.as_ref(), |b| system::board(words, b)),
        ),
        ("system", "hardware.os", section(hardware.os.as_ref(), |os| system::os(words, os))),
        ("sensors", "hardware.sensors", section(hardware.sensors.as_ref(), |s| system::sensors(words, s))),
    ];
    let finish = |(key, path, mut section): (&str, &str, Section)| {
        section.title = words.t(&format!("section-{key}"));
        section.not_read = missing::below(words, &machine.missing, path);
        if section.summary.is_empty() && !section.not_read.is_empty() {
            section.summary = words.t("not-read-short");
        }
        (!section.is_empty()).then_some(section)
    };
    read.into_iter().filter_map(finish).collect()
}

fn section<T>(part: Option<&T>, describe: impl Fn(&T) -> Section) -> Section {
    part.map(describe).unwrap_or_default()
}
