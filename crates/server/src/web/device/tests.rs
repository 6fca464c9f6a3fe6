//! The whole page from sample data, in both languages, and what must not break it.

use askama::Template;
use axum::http::{HeaderMap, Uri};
use report::hardware::{Cluster, Cpu, Storage, StorageDevice};
use report::measurement::Verdict;
use report::number::{Quantity, Whole};
use report::text::Name;

use super::sample::{now, unmeasured, well_read};
use super::view::DevicePage;
use crate::domain::device_page::DevicePage as Machine;
use crate::web::samples::{assert_well_formed, readable};
use crate::web::visitor::Visitor;

fn render(address: &'static str, machine: &Machine) -> String {
    let visitor = Visitor::new(&Uri::from_static(address), &HeaderMap::new());
    let html = DevicePage::new(&visitor, machine, "http://bench.lan:8007", now()).render().unwrap();
    assert_well_formed(&html);
    html
}

#[test]
fn a_well_read_machine_in_english() {
    insta::assert_snapshot!(readable(&render("/devices/3-pve-1", &well_read())));
}

#[test]
fn a_well_read_machine_in_french() {
    insta::assert_snapshot!(readable(&render("/devices/3-pve-1?lang=fr", &well_read())));
}

#[test]
fn a_machine_without_a_benchmark_gets_the_command_for_its_name() {
    let html = render("/devices/9-shelf", &unmeasured());
    assert!(html.contains("Not measured yet"), "{html}");
    assert!(html.contains("--token TOKEN --device shelf</code>"), "{html}");
    assert!(html.contains(r#"<a href="/devices/3-pve-1">on pve-1</a>"#), "{html}");
    assert!(html.contains("No benchmark yet."), "{html}");
}

#[test]
fn one_benchmark_is_no_history_yet() {
    let mut machine = well_read();
    machine.benchmarks.truncate(1);
    machine.benchmarks_total = 1;
    assert!(render("/devices/3-pve-1", &machine).contains("History begins with the second benchmark."));
}

#[test]
fn what_its_keys_say_leads_to_the_other_machine() {
    let mut machine = unmeasured();
    machine.hints = vec![
        ("copy_of".to_owned(), Some((3, "pve-1".to_owned()))),
        ("board_changed".to_owned(), None),
        ("of_a_later_version".to_owned(), None),
    ];
    let html = render("/devices/9-shelf", &machine);
    let line = r#"<a href="/devices/3-pve-1">A copy of pve-1, or started from the same image</a>"#;
    assert!(html.contains(line), "{html}");
    assert!(html.contains("<p class=\"hint\">The mainboard was replaced.</p>"), "{html}");
    let lines = |html: &str| html.matches("<p class=\"hint\">").count();
    assert_eq!(lines(&html), lines(&render("/devices/9-shelf", &unmeasured())) + 2, "{html}");
    assert!(render("/devices/9-shelf?lang=fr", &machine).contains("Une copie de pve-1"));
}

#[test]
fn a_component_without_figure_says_why() {
    let html = render("/devices/3-pve-1", &well_read());
    assert!(html.contains("not measured by this version of the agent"), "{html}");
    assert!(html.contains("machine was busy (12 % background load). Run again when it is idle."), "{html}");
}

#[test]
fn a_drive_below_its_link_is_marked() {
    let html = render("/devices/3-pve-1", &well_read());
    assert!(html.contains(r#"class="suspect">PCIe 3.0 x4 · 8.0 GT/s ×2 · can 8.0 GT/s ×4</td>"#), "{html}");
    assert!(html.contains(r#"class="suspect">PASSED · 8 sectors replaced</td>"#), "{html}");
}

#[test]
fn all_suspect_still_reads() {
    let mut machine = well_read();
    for state in machine.components.values_mut() {
        state.verdict = Verdict::Suspect;
    }
    assert_eq!(render("/devices/3-pve-1", &machine).matches("<details class=\"why suspect\">").count(), 5);
}

#[test]
fn five_hundred_processors_and_sixty_four_drives() {
    let mut machine = well_read();
    let name = |text: String| Some(Name::lossy(&text));
    let cluster = |n: u32| Cluster {
        name: name(format!("core-{n}")),
        threads: Some(Whole::from(1)),
        ..Cluster::default()
    };
    machine.hardware.cpu = Some(Cpu {
        cores: Some(Whole::from(512)),
        threads: Some(Whole::from(1_024)),
        clusters: Some((0..512).map(cluster).collect()),
        ..Cpu::default()
    });
    let drive = |n: u32| StorageDevice {
        name: name(format!("sd{n}")),
        capacity_gb: Quantity::new(22_000.0),
        ..StorageDevice::default()
    };
    machine.hardware.storage =
        Some(Storage { devices: Some((0..64).map(drive).collect()), partitions: None });
    let html = render("/devices/3-pve-1", &machine);
    assert!(html.contains("512 cores · 1,024 threads"), "{html}");
    assert!(html.contains("64 drives"), "{html}");
    assert!(html.contains("/dev/sd63"), "{html}");
    assert!(html.len() < 120_000, "{} bytes", html.len());
}

#[test]
fn a_hostile_report_stays_text() {
    let mut machine = well_read();
    machine.name = "\"><script>alert(1)</script>".to_owned();
    machine.hardware.cpu.as_mut().unwrap().model = Some(Name::lossy("<img src=x onerror=alert(1)>"));
    let html = render("/devices/3-x", &machine);
    assert!(!html.contains("<script>") && !html.contains("<img"), "{html}");
}
