//! What holds for any input.

use proptest::prelude::*;
use report::facts::{Facts, facts, hardware, readings};
use report::identity::claim;
use report::score::{conclude, score};
use report::series::series;
use report::verdict::judge;
use report::{Report, kind, model_label, parse};
use serde_json::{Map, Value};

/// Words that mean something in a report, so that random documents reach its depths.
const WORDS: [&str; 64] = [
    "device_identifier",
    "hardware",
    "results",
    "measurements",
    "missing",
    "environment",
    "identity",
    "cpu",
    "ram",
    "storage",
    "network",
    "os",
    "gpu",
    "gpus",
    "memory",
    "disk",
    "score",
    "devices",
    "partitions",
    "interfaces",
    "layout",
    "name",
    "slot",
    "model",
    "flags",
    "metric",
    "value",
    "samples",
    "ci_low",
    "ci_high",
    "spread",
    "params",
    "reasons",
    "code",
    "verdict",
    "busy",
    "timed_out",
    "invalid",
    "suspect",
    "path",
    "reason",
    "components",
    "background_percent",
    "steal_percent",
    "direct",
    "fs_type",
    "tmpfs",
    "threads",
    "cores",
    "mac",
    "mac_hashes",
    "cpu.events_per_sec_single",
    "disk.read_mb_s",
    "network.ping_ms",
    "events_per_sec",
    "device",
    "interface",
    "capacity_gb",
    "temperature_c",
    "label",
    "started_at",
    "2026-01-01T00:00:00Z",
    "clusters",
    "mitigations",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => proptest::sample::select(WORDS.as_slice()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u16>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 128.0)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 120, 12, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((word(), inner), 0..10)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The golden reports with values replaced, removed and moved: most of them still parse.
fn mutated() -> impl Strategy<Value = Value> {
    let golden: [&str; 3] = [
        include_str!("../golden/full.json"),
        include_str!("../golden/old_client.json"),
        include_str!("../golden/laptop.json"),
    ];
    let change = (any::<proptest::sample::Index>(), json(), any::<bool>());
    (0..golden.len(), proptest::collection::vec(change, 0..12)).prop_map(move |(which, changes)| {
        let mut document: Value = serde_json::from_str(golden[which]).unwrap();
        for (place, value, remove) in changes {
            let mut spots = Vec::new();
            pointers(&document, String::new(), &mut spots);
            let spot = place.get(&spots);
            if let Some(target) = document.pointer_mut(spot) {
                *target = if remove { Value::Null } else { alike(target, value) };
            }
        }
        document
    })
}

/// Keeps the type where it can, so that the document stays a report.
fn alike(old: &Value, new: Value) -> Value {
    match (old, &new) {
        (Value::Number(_), Value::Number(number)) => Value::from(number.as_f64().unwrap_or(1.0).abs()),
        (Value::Number(old), _) => Value::from(old.as_f64().unwrap_or(1.0).abs() * 4.0),
        (Value::String(_), Value::String(_)) => new,
        (old, _) => old.clone(),
    }
}

fn pointers(value: &Value, at: String, spots: &mut Vec<String>) {
    spots.push(at.clone());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, inner)| pointers(inner, format!("{at}/{key}"), spots))
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, inner)| pointers(inner, format!("{at}/{index}"), spots));
        }
        _ => {}
    }
}

/// Asks everything that is asked of a report, and checks what must hold of the answers.
fn exercise(report: &Report) -> Result<(), TestCaseError> {
    let judgement = judge(report);
    prop_assert_eq!(judgement.measurements.len(), report.measurements.len());
    let scores = score(report, &judgement);
    for score in scores.components.values().chain(&scores.global) {
        prop_assert!(score.score.is_finite() && score.score >= 0.0);
        prop_assert!(score.low.is_none_or(|low| low.is_finite() && low <= score.score), "{:?}", score);
        prop_assert!(score.high.is_none_or(|high| high.is_finite() && high >= score.score), "{:?}", score);
    }
    prop_assert!((0.0..=1.0).contains(&scores.coverage));
    prop_assert_eq!(scores.global.is_some(), scores.coverage > 0.0);
    let rows = series(report, &judgement);
    let unique: std::collections::HashSet<_> = rows.iter().map(|row| (&row.metric, &row.variant)).collect();
    prop_assert_eq!(unique.len(), rows.len());
    claim(report, &[1; 32]);
    kind(report);
    model_label(&report.hardware);
    facts_hold(report)
}

fn facts_hold(report: &Report) -> Result<(), TestCaseError> {
    let seen = facts(&report.hardware);
    prop_assert_eq!(&Facts::from_json(&seen.to_json()).unwrap(), &seen);
    prop_assert_eq!(&seen.over(&seen, &report.missing), &seen);
    prop_assert_eq!(&seen.over(&Facts::default(), &report.missing), &seen);
    let shown = hardware(&seen, &readings(&report.hardware)).unwrap();
    prop_assert_eq!(facts(&shown).fingerprint(), seen.fingerprint(), "what is shown is what was seen");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_report_or_an_error(bytes: Vec<u8>) {
        let _ = parse(&bytes);
    }

    #[test]
    fn any_json_is_a_report_or_an_error(value in json()) {
        if let Ok(report) = parse(value.to_string().as_bytes()) {
            exercise(&report)?;
        }
    }

    #[test]
    fn any_report_can_be_asked_anything(value in mutated()) {
        if let Ok(report) = parse(value.to_string().as_bytes()) {
            exercise(&report)?;
        }
    }

    #[test]
    fn what_is_written_reads_the_same(value in mutated()) {
        if let Ok(report) = parse(value.to_string().as_bytes()) {
            let written = serde_json::to_vec(&report).unwrap();
            prop_assert_eq!(parse(&written).unwrap(), report);
        }
    }

    #[test]
    fn agent_and_server_judge_alike(value in mutated()) {
        if let Ok(mut report) = parse(value.to_string().as_bytes()) {
            let (judgement, scores) = conclude(&mut report);
            let received = parse(&serde_json::to_vec(&report).unwrap()).unwrap();
            let again = judge(&received);
            prop_assert_eq!(&again.measurements, &judgement.measurements);
            if !report.measurements.is_empty() {
                prop_assert_eq!(score(&received, &again), scores);
            }
        }
    }

    /// Fields of sections that are not seen are no change, whichever they are.
    #[test]
    fn seeing_less_is_no_change(drops in proptest::collection::vec(any::<bool>(), 120)) {
        let all: Value = serde_json::from_str(include_str!("../golden/full.json")).unwrap();
        let mut drops = drops.into_iter().cycle();
        let mut less = all["hardware"].clone();
        for section in less.as_object_mut().unwrap().values_mut() {
            if let Value::Object(fields) = section {
                fields.retain(|_, _| !drops.next().unwrap());
            }
        }
        let before = facts(&serde_json::from_value(all["hardware"].clone()).unwrap());
        let now = facts(&serde_json::from_value(less).unwrap());
        let known = now.over(&before, &[]);
        prop_assert_eq!(&known, &before);
        prop_assert_eq!(known.fingerprint(), before.fingerprint());
    }

    #[test]
    fn seeing_twice_is_seeing_once(a in mutated(), b in mutated()) {
        let parsed = |value: Value| parse(value.to_string().as_bytes());
        if let (Ok(a), Ok(b)) = (parsed(a), parsed(b)) {
            let (before, now) = (facts(&a.hardware), facts(&b.hardware));
            let once = now.over(&before, &[]);
            prop_assert_eq!(&now.over(&once, &[]), &once);
        }
    }
}
