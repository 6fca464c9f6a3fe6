//! Machines for the tests of the device page: a well-read one, and what must not break the page.

use report::hardware::Hardware;
use report::measurement::Verdict;
use report::missing::Missing;
use report::{Component, Preset, Timestamp};

use crate::domain::device_page::{ComponentState, DevicePage as Machine, HistoryLine};
use crate::web::figure::Figure;
use crate::web::kind::Kind;

/// The moment at which sample pages are looked at.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-24T04:00:00Z").unwrap()
}

fn figure(value: f64) -> Figure {
    Figure { value, low: Some(value * 0.975), high: Some(value * 1.025), suspect: false }
}

fn state(value: f64, metrics: &[(&str, f64)]) -> ComponentState {
    let metrics = metrics.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
    ComponentState { figure: Some(figure(value)), metrics, ..ComponentState::default() }
}

fn line(hours_ago: i64, value: f64) -> HistoryLine {
    HistoryLine {
        at: now().plus_ms(-hours_ago * 3_600_000),
        preset: Some(Preset::Normal),
        global: Some(figure(value)),
        measured: vec![Component::Cpu, Component::Memory, Component::Disk, Component::Network],
        verdict: Verdict::Valid,
        reason: None,
        label: None,
    }
}

/// A machine of which everything is known.
pub(crate) fn well_read() -> Machine {
    let mut disk = state(87.0, &[("disk.read_mb_s", 3_100.0), ("disk.write_mb_s", 870.0)]);
    disk.verdict = Verdict::Suspect;
    disk.figure.as_mut().unwrap().suspect = true;
    disk.reasons = vec![("busy".to_owned(), Some("12 % background load".to_owned()))];
    let gpu = ComponentState::default();
    let cpu = [("cpu.events_per_sec_single", 412.4), ("cpu.events_per_sec_multi", 1_612.0)];
    let memory = [("memory.throughput_mib_s", 18_432.0), ("memory.latency_ns", 82.4)];
    let network =
        [("network.download_mbps", 941.0), ("network.upload_mbps", 938.0), ("network.ping_ms", 0.31)];
    let mut first = line(2, 108.0);
    first.verdict = Verdict::Suspect;
    first.reason = Some("busy".to_owned());
    first.label = Some("after the new kernel".to_owned());
    Machine {
        id: 3,
        name: "pve-1".to_owned(),
        kind: Kind::BareMetal,
        model: Some("HP EliteDesk 800 G3 DM".to_owned()),
        host: None,
        hints: Vec::new(),
        global: Some(figure(108.0)),
        basis: "v0".to_owned(),
        components: [
            (Component::Cpu, state(124.0, &cpu)),
            (Component::Memory, state(121.0, &memory)),
            (Component::Disk, disk),
            (Component::Network, state(100.0, &network)),
            (Component::Gpu, gpu),
        ]
        .into(),
        hardware: serde_json::from_str(include_str!("sample.json")).unwrap(),
        read_at: Some(now().plus_ms(-7_200_000)),
        missing: vec![
            Missing::new("results.gpu", "not_built", None),
            Missing::new("hardware.motherboard.serial", "needs_root", None),
        ],
        benchmarks: vec![first, line(26, 110.0), line(50, 109.0)],
        benchmarks_total: 3,
    }
}

/// A machine that was typed in or inventoried only.
pub(crate) fn unmeasured() -> Machine {
    Machine {
        id: 9,
        name: "shelf".to_owned(),
        kind: Kind::Container,
        model: None,
        host: Some((3, "pve-1".to_owned())),
        hints: Vec::new(),
        global: None,
        basis: "v0".to_owned(),
        components: [].into(),
        hardware: Hardware::default(),
        read_at: None,
        missing: Vec::new(),
        benchmarks: Vec::new(),
        benchmarks_total: 0,
    }
}
