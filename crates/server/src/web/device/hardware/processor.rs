//! The processor.

use report::hardware::Cpu;
use report::number::Whole;

use crate::web::device::section::{Facts, Section, kib, summary};
use crate::web::device::table::{Cell, Table};
use crate::web::numbers::with_unit;
use crate::web::words::Words;

/// Model, cores and clock on one line; the rest below it.
pub(super) fn section(words: &Words, cpu: &Cpu) -> Section {
    let ghz =
        |value: f64| words.with("up-to", &[("value", with_unit(words.language(), value, "GHz").into())]);
    Section {
        summary: summary([
            cpu.model.as_ref().map(ToString::to_string),
            cpu.cores.map(|cores| words.count("cores", cores.get())),
            cpu.threads.map(|threads| words.count("threads", threads.get())),
            cpu.max_freq_ghz.map(|max| ghz(max.get())),
        ]),
        facts: facts(words, cpu),
        tables: clusters(words, cpu).into_iter().collect(),
        ..Section::default()
    }
}

fn facts(words: &Words, cpu: &Cpu) -> Vec<(String, String)> {
    let cache = |size: Option<Whole>| size.map(|size| kib(words, size.get() as f64));
    let mitigations = cpu
        .mitigations
        .as_ref()
        .map(|all| all.iter().map(|(name, state)| format!("{name}: {state}")).collect::<Vec<_>>().join("; "));
    let flags =
        cpu.flags.as_ref().map(|all| all.iter().map(|flag| flag.as_str()).collect::<Vec<_>>().join(" "));
    Facts::new(words)
        .text("vendor", cpu.vendor.as_deref())
        .text("microarchitecture", cpu.microarchitecture.as_deref())
        .number("sockets", cpu.sockets.map(|n| n.get() as f64), "")
        .number("base-freq", cpu.base_freq_ghz.map(|f| f.get()), "GHz")
        .text("cache-l1", cache(cpu.cache_l1_kb).as_deref())
        .text("cache-l2", cache(cpu.cache_l2_kb).as_deref())
        .text("cache-l3", cache(cpu.cache_l3_kb).as_deref())
        .number("tdp", cpu.tdp_w.map(|w| w.get()), "W")
        .text("microcode", cpu.microcode.as_deref())
        .text("governor", cpu.governor.as_deref())
        .flag("smt", cpu.smt)
        .text("mitigations", mitigations.as_deref())
        .text("flags", flags.as_deref())
        .lines()
}

fn clusters(words: &Words, cpu: &Cpu) -> Option<Table> {
    let row = |cluster: &report::hardware::Cluster| {
        vec![
            Cell::of(cluster.name.as_ref().map(ToString::to_string)),
            Cell::of(cluster.threads.map(|threads| threads.get().to_string())),
            Cell::of(cluster.max_freq_ghz.map(|max| with_unit(words.language(), max.get(), "GHz"))),
        ]
    };
    let rows = cpu.clusters.iter().flat_map(|clusters| clusters.iter()).map(row).collect();
    let heads = ["head-cluster", "head-threads", "head-max-freq"].map(|head| words.t(head)).to_vec();
    Table::new(words.t("caption-clusters"), heads, rows)
}
