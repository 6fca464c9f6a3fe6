//! Network interfaces.

use report::hardware::{Interface, Network};

use crate::web::device::section::{Section, summary};
use crate::web::device::table::{Cell, Table};
use crate::web::numbers::with_unit;
use crate::web::words::Words;

/// How many interfaces, and the fastest of them; a row for each below.
pub(super) fn section(words: &Words, network: &Network) -> Section {
    let interfaces: Vec<&Interface> = network.interfaces.iter().flat_map(|all| all.iter()).collect();
    let fastest = interfaces.iter().filter_map(|interface| interface.speed_mbps).map(|speed| speed.get());
    let fastest = fastest.fold(0.0, f64::max);
    Section {
        summary: summary([
            (!interfaces.is_empty()).then(|| words.count("interfaces", interfaces.len() as u64)),
            (fastest > 0.0).then(|| speed(words, fastest)),
        ]),
        tables: table(words, &interfaces).into_iter().collect(),
        ..Section::default()
    }
}

fn table(words: &Words, interfaces: &[&Interface]) -> Option<Table> {
    let row = |interface: &&Interface| {
        vec![
            Cell::of(interface.name.as_ref().map(ToString::to_string)),
            Cell::of(interface.r#type.as_ref().map(ToString::to_string)),
            Cell::of(interface.speed_mbps.map(|mbps| speed(words, mbps.get()))),
            Cell::of(interface.driver.as_ref().map(ToString::to_string)),
            Cell::of(interface.mtu.map(|mtu| mtu.get().to_string())),
            Cell::of(interface.ip.as_ref().map(ToString::to_string)),
            Cell::of(interface.mac.as_ref().map(ToString::to_string)),
        ]
    };
    let heads =
        ["head-interface", "head-type", "head-speed", "head-driver", "head-mtu", "head-address", "head-mac"];
    let rows = interfaces.iter().map(row).collect();
    Table::new(words.t("caption-interfaces"), heads.map(|head| words.t(head)).to_vec(), rows)
}

fn speed(words: &Words, mbps: f64) -> String {
    let language = words.language();
    if mbps >= 1_000.0 {
        with_unit(language, mbps / 1_000.0, "Gbit/s")
    } else {
        with_unit(language, mbps, "Mbit/s")
    }
}
