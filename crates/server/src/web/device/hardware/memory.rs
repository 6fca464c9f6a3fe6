//! Main memory: the sum, and a box for each slot.

use report::hardware::{MemoryModule, Ram};

use crate::web::device::section::{Facts, Section, Slot, mib, summary};
use crate::web::numbers::with_unit;
use crate::web::words::Words;

/// Boards with more slots than this are not drawn to the last free one.
const MOST_FREE: u64 = 64;

/// Size, kind and slots on one line; the boxes below it.
pub(super) fn section(words: &Words, ram: &Ram) -> Section {
    let first = ram.layout.as_ref().and_then(|layout| layout.first());
    let kind = first.and_then(|module| module.r#type.as_ref()).map(ToString::to_string);
    let size = ram.installed_mb.or(ram.total_mb).map(|size| mib(words, size.get() as f64));
    Section {
        summary: summary([size, kind, used(words, ram)]),
        facts: facts(words, ram),
        slots: slots(words, ram),
        ..Section::default()
    }
}

fn used(words: &Words, ram: &Ram) -> Option<String> {
    let (used, total) = (ram.slots_used?.get(), ram.slots_total?.get());
    Some(words.with("slots-used", &[("used", used.into()), ("total", total.into())]))
}

fn facts(words: &Words, ram: &Ram) -> Vec<(String, String)> {
    let size = |size: Option<report::number::Whole>| size.map(|size| mib(words, size.get() as f64));
    Facts::new(words)
        .text("installed", size(ram.installed_mb).as_deref())
        .text("usable", size(ram.total_mb).as_deref())
        .text("used", size(ram.used_mb).as_deref())
        .flag("ecc", ram.ecc)
        .lines()
}

fn slots(words: &Words, ram: &Ram) -> Vec<Slot> {
    let modules: Vec<&MemoryModule> = ram.layout.iter().flat_map(|layout| layout.iter()).collect();
    let free = ram.slots_total.map_or(0, |total| total.get().saturating_sub(modules.len() as u64));
    let mut slots: Vec<Slot> = modules.into_iter().map(|module| slot(words, module)).collect();
    let empty = Slot { name: String::new(), size: None, detail: Vec::new() };
    // Without a list of modules it is not known which slots are free.
    if !slots.is_empty() {
        slots.extend((0..free.min(MOST_FREE)).map(|_| empty.clone()));
    }
    slots
}

fn slot(words: &Words, module: &MemoryModule) -> Slot {
    let size = module.size_mb.filter(|size| size.get() > 0).map(|size| mib(words, size.get() as f64));
    let speed = module.speed_mhz.map(|speed| with_unit(words.language(), speed.get(), "MT/s"));
    let rated = module.rated_speed_mhz.filter(|rated| module.speed_mhz.is_some_and(|now| now < *rated));
    let rated = rated.map(|rated| with_unit(words.language(), rated.get(), "MT/s"));
    let can = rated.map(|rated| words.with("can", &[("value", rated.into())]));
    let lines = [
        summary([module.r#type.as_ref().map(ToString::to_string), speed, can]),
        summary([
            module.vendor.as_ref().map(ToString::to_string),
            module.part_number.as_ref().map(ToString::to_string),
        ]),
    ];
    Slot {
        name: module.slot.as_ref().map(ToString::to_string).unwrap_or_default(),
        size,
        detail: lines.into_iter().filter(|line| !line.is_empty()).collect(),
    }
}
