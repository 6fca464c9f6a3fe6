//! Drives and partitions.

use report::hardware::{Link, Partition, Storage, StorageDevice};

use crate::web::device::section::{Section, gb, summary};
use crate::web::device::table::{Cell, Table};
use crate::web::numbers::{plain, unit_space, whole, with_unit};
use crate::web::words::Words;

/// How many drives, and how large together; a row for each below.
pub(super) fn section(words: &Words, storage: &Storage) -> Section {
    let drives: Vec<&StorageDevice> = storage.devices.iter().flat_map(|devices| devices.iter()).collect();
    let total: f64 = drives.iter().filter_map(|drive| drive.capacity_gb).map(|size| size.get()).sum();
    let one = match drives.as_slice() {
        [drive] => drive.model.as_ref().map(ToString::to_string),
        _ => None,
    };
    let count = (!drives.is_empty()).then(|| words.count("drives", drives.len() as u64));
    let partitions = storage.partitions.iter().flat_map(|partitions| partitions.iter());
    let tables = [drive_table(words, &drives), partition_table(words, partitions.collect())];
    Section {
        summary: summary([count, (total > 0.0).then(|| gb(words, total)), one]),
        tables: tables.into_iter().flatten().collect(),
        ..Section::default()
    }
}

fn drive_table(words: &Words, drives: &[&StorageDevice]) -> Option<Table> {
    const HEADS: [&str; 9] = [
        "head-drive",
        "head-model",
        "head-size",
        "head-type",
        "head-link",
        "head-health",
        "head-wear",
        "head-hours",
        "head-temperature",
    ];
    let rows = drives.iter().map(|drive| drive_row(words, drive)).collect();
    Table::new(words.t("caption-drives"), HEADS.map(|head| words.t(head)).to_vec(), rows)
}

fn drive_row(words: &Words, drive: &StorageDevice) -> Vec<Cell> {
    let language = words.language();
    let model = summary([
        drive.vendor.as_ref().filter(|vendor| !starts_with(drive, vendor)).map(ToString::to_string),
        drive.model.as_ref().map(ToString::to_string),
    ]);
    let wear =
        drive.wear_percent.map(|wear| format!("{}{}%", plain(language, wear.get()), unit_space(language)));
    vec![
        Cell::of(drive.name.as_ref().map(|name| device_name(name))),
        Cell::of(Some(model)),
        Cell::of(drive.capacity_gb.map(|size| gb(words, size.get()))),
        Cell::of(drive.r#type.as_ref().map(ToString::to_string)),
        link_cell(words, drive),
        health_cell(words, drive),
        Cell { attention: drive.wear_percent.is_some_and(|wear| wear.get() >= 90.0), ..Cell::of(wear) },
        Cell::of(drive.power_on_hours.map(|hours| whole(language, hours.get() as u64))),
        Cell::of(drive.temperature_c.map(|celsius| with_unit(language, celsius.get(), "°C"))),
    ]
}

fn starts_with(drive: &StorageDevice, vendor: &str) -> bool {
    let model = drive.model.as_ref().map(|model| model.to_lowercase()).unwrap_or_default();
    model.starts_with(&vendor.to_lowercase())
}

/// The link as it runs, and in words if it could run faster.
fn link_cell(words: &Words, drive: &StorageDevice) -> Cell {
    let interface = drive.interface.as_ref().map(ToString::to_string);
    let Some(link) = &drive.link else { return Cell::of(interface) };
    let now = running(link.speed.as_deref(), link.width.map(|width| width.get()));
    let can = running(link.max_speed.as_deref(), link.max_width.map(|width| width.get()));
    let slower = is_slower(link);
    let can = slower.then(|| words.with("can", &[("value", can.into())]));
    Cell { text: summary([interface, Some(now), can]), attention: slower }
}

fn running(speed: Option<&str>, width: Option<u64>) -> String {
    let width = width.map(|width| format!("×{width}"));
    [speed.map(str::to_owned), width].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn is_slower(link: &Link) -> bool {
    let number = |speed: &str| speed.split(' ').next()?.parse::<f64>().ok();
    let speed = link.speed.as_deref().and_then(number).zip(link.max_speed.as_deref().and_then(number));
    let width = link.width.zip(link.max_width);
    speed.is_some_and(|(now, can)| now < can) || width.is_some_and(|(now, can)| now < can)
}

fn health_cell(words: &Words, drive: &StorageDevice) -> Cell {
    let errors = drive.media_errors.map_or(0, |errors| errors.get());
    let moved = drive.reallocated_sectors.map_or(0, |sectors| sectors.get());
    let failed = drive.smart_health.as_ref().is_some_and(|health| health.eq_ignore_ascii_case("failed"));
    let text = summary([
        drive.smart_health.as_ref().map(ToString::to_string),
        (errors > 0).then(|| words.count("media-errors", errors)),
        (moved > 0).then(|| words.count("reallocated", moved)),
    ]);
    Cell { text, attention: failed || errors > 0 || moved > 0 }
}

fn partition_table(words: &Words, partitions: Vec<&Partition>) -> Option<Table> {
    let row = |partition: &&Partition| {
        let size = |size: Option<report::number::Quantity>| size.map(|size| gb(words, size.get()));
        vec![
            Cell::of(partition.name.as_ref().map(|name| device_name(name))),
            Cell::of(partition.mount_point.as_ref().map(ToString::to_string)),
            Cell::of(partition.fs_type.as_ref().map(ToString::to_string)),
            Cell::of(size(partition.used_gb)),
            Cell::of(size(partition.total_gb)),
        ]
    };
    let heads = ["head-partition", "head-mount", "head-filesystem", "head-used", "head-size"];
    let rows = partitions.iter().map(row).collect();
    Table::new(words.t("caption-partitions"), heads.map(|head| words.t(head)).to_vec(), rows)
}

fn device_name(name: &str) -> String {
    if name.starts_with("/dev/") { name.to_owned() } else { format!("/dev/{name}") }
}
