//! Golden reports: they parse for ever, and mean the same.
//!
//! `tests/golden` holds reports of schema 1: one with every field, one of an old client, and one of each kind
//! of home that must rank. A snapshot that changes here changes the history of every device.

use std::fmt::Write;

use report::facts::{facts, hardware, readings};
use report::score::{Basis, score};
use report::series::series;
use report::verdict::{Verdict, judge};
use report::{Report, kind, model_label};

const FULL: &str = include_str!("../golden/full.json");
const OLD_CLIENT: &str = include_str!("../golden/old_client.json");
const HOMES: [(&str, &str); 4] = [
    ("proxmox_zfs", include_str!("../golden/proxmox_zfs.json")),
    ("fedora_btrfs", include_str!("../golden/fedora_btrfs.json")),
    ("laptop", include_str!("../golden/laptop.json")),
    ("burstable_vm", include_str!("../golden/burstable_vm.json")),
];

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    HOMES.into_iter().chain([("full", FULL), ("old_client", OLD_CLIENT)])
}

#[test]
fn they_mean_the_same_for_ever() {
    for (name, text) in all() {
        let report = crate::report(text);
        insta::assert_snapshot!(name, meaning(&report));
    }
}

/// Everything that is derived from a report, as text.
fn meaning(report: &Report) -> String {
    let mut text = String::new();
    let judgement = judge(report);
    let scores = score(report, &judgement);
    let model = model_label(&report.hardware).unwrap_or_default();
    writeln!(text, "{}: {} {model}, {:?}", report.device(), kind(report), judgement.verdict).unwrap();
    for (component, verdict) in &judgement.components {
        writeln!(text, "{component}: {:?}, scored {}", verdict.verdict, verdict.scored).unwrap();
        for reason in &verdict.reasons {
            writeln!(text, "  {:?} {}: {}", reason.code.grade(), reason.code, reason.evidence).unwrap();
        }
    }
    let shown = |s: &report::score::ComponentScore| format!("{:.3} [{:.3?} {:.3?}]", s.score, s.low, s.high);
    for (component, score) in &scores.components {
        writeln!(text, "{component}: {}", shown(score)).unwrap();
    }
    let global = scores.global.as_ref().map(shown);
    writeln!(text, "{} global: {global:?}, coverage {}", scores.basis, scores.coverage).unwrap();
    for row in series(report, &judgement) {
        let unit = row.unit.unwrap_or_default();
        writeln!(text, "{} {} {} {unit} {:?}", row.metric, row.variant, row.value, row.verdict).unwrap();
    }
    for (name, tree) in
        [("facts", facts(&report.hardware).to_json()), ("readings", readings(&report.hardware).to_string())]
    {
        let tree: serde_json::Value = serde_json::from_str(&tree).unwrap();
        writeln!(text, "{name} {tree:#}").unwrap();
    }
    text
}

#[test]
fn normal_homes_rank() {
    for (name, text) in HOMES {
        let report = crate::report(text);
        let judgement = judge(&report);
        let scores = score(&report, &judgement);
        assert_eq!(scores.basis, Basis::CURRENT, "{name}");
        assert!(scores.global.is_some(), "{name} has no score");
        assert!(scores.coverage >= 0.5, "{name} covers only {}", scores.coverage);
        assert_ne!(judgement.verdict, Verdict::Invalid, "{name}");
    }
}

#[test]
fn a_laptop_on_mains_and_fedora_on_btrfs_are_valid() {
    for name in ["laptop", "fedora_btrfs"] {
        let (_, text) = HOMES.into_iter().find(|(home, _)| *home == name).unwrap();
        assert_eq!(judge(&crate::report(text)).verdict, Verdict::Valid, "{name}");
    }
}

#[test]
fn an_old_client_is_valid_and_scored_by_its_own_numbers() {
    let report = crate::report(OLD_CLIENT);
    let judgement = judge(&report);
    assert_eq!(judgement.verdict, Verdict::Valid);
    let scores = score(&report, &judgement);
    assert_eq!((scores.basis, scores.coverage), (Basis::Client, 0.9));
    let expected = (61.5 * 0.30 + 44.0 * 0.20 + 12.75 * 0.25 + 88.0 * 0.15) / 0.9;
    assert!((scores.global.unwrap().score - expected).abs() < 1e-9);
}

#[test]
fn no_field_of_the_full_report_is_lost() {
    let report = crate::report(FULL);
    let written: serde_json::Value = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    let original: serde_json::Value = serde_json::from_str(FULL).unwrap();
    assert_eq!(numbers_alike(written), numbers_alike(original));
}

/// `4` and `4.0` are one number.
fn numbers_alike(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Number(number) => Value::from(number.as_f64().unwrap()),
        Value::Array(items) => items.into_iter().map(numbers_alike).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, numbers_alike(value))).collect(),
        other => other,
    }
}

#[test]
fn facts_and_readings_together_are_the_hardware() {
    let report = crate::report(FULL);
    let again = hardware(&facts(&report.hardware), &readings(&report.hardware)).unwrap();
    assert_eq!(again, report.hardware);
}
