//! Machines for the tests of the dashboard: a homelab, and what must not break the page.

use std::collections::BTreeMap;

use report::measurement::Verdict;
use report::{Component, Timestamp};

use crate::domain::ranking::{LastBenchmark, RankedDevice, Ranking};
use crate::web::figure::Figure;
use crate::web::kind::Kind;

/// The moment at which sample pages are looked at.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-24T04:00:00Z").unwrap()
}

/// A score with ± 2.5 %.
pub(crate) fn figure(value: f64) -> Figure {
    Figure { value, low: Some(value * 0.975), high: Some(value * 1.025), suspect: false }
}

/// A machine with these component scores, in order; zero where nothing was measured.
pub(crate) fn standing(id: i64, name: &str, kind: Kind, scores: [f64; 5]) -> RankedDevice {
    let measured = Component::ALL.into_iter().zip(scores).filter(|(_, score)| *score > 0.0);
    let components: BTreeMap<Component, Figure> = measured.map(|(c, score)| (c, figure(score))).collect();
    let mean = components.values().map(|f| f.value).sum::<f64>() / components.len().max(1) as f64;
    RankedDevice {
        device_id: id,
        name: name.to_owned(),
        kind,
        model: Some("EliteDesk 800 G3".to_owned()),
        host: None,
        global: (components.len() >= 3).then(|| figure(mean)),
        components,
        last: Some(LastBenchmark {
            id,
            global_score: None,
            coverage: 1.0,
            at: now().plus_ms(-id * 7_200_000),
            verdict: Verdict::Valid,
            reason: None,
            inventory_only: false,
            excluded: false,
        }),
        recent: vec![mean * 0.99, mean * 1.01, mean],
    }
}

fn with_verdict(standing: RankedDevice, verdict: Verdict, reason: &str) -> RankedDevice {
    let last = standing.last.map(|last| LastBenchmark { verdict, reason: Some(reason.to_owned()), ..last });
    RankedDevice { last, ..standing }
}

/// Every part of the page at once.
pub(crate) fn homelab() -> Ranking {
    let guest = RankedDevice {
        host: Some("pve-1".to_owned()),
        ..standing(3, "vm-web", Kind::Vm, [92.0, 98.0, 80.0, 110.0, 0.0])
    };
    let mut busy = with_verdict(
        standing(4, "nas", Kind::BareMetal, [40.0, 55.0, 210.0, 100.0, 0.0]),
        Verdict::Suspect,
        "busy",
    );
    busy.global.as_mut().unwrap().suspect = true;
    let waiting = vec![
        RankedDevice { last: None, ..standing(7, "shelf", Kind::Container, [0.0; 5]) },
        standing(8, "half", Kind::BareMetal, [77.0, 0.0, 0.0, 0.0, 0.0]),
        with_verdict(standing(9, "broken", Kind::BareMetal, [0.0; 5]), Verdict::Invalid, "wrong_result"),
    ];
    let mut old = standing(10, "old-client", Kind::BareMetal, [1_000.0, 2_000.0, 900.0, 800.0, 100.0]);
    for figure in old.components.values_mut().chain(old.global.as_mut()) {
        (figure.low, figure.high) = (None, None);
    }
    Ranking {
        devices: 9,
        benchmarks: 41,
        attention: 2,
        ranked: vec![
            standing(1, "pve-1", Kind::BareMetal, [124.0, 121.0, 107.0, 100.0, 130.0]),
            standing(2, "laptop", Kind::BareMetal, [118.0, 119.0, 112.0, 99.0, 120.0]),
            busy,
            guest,
            standing(5, "pi-zero", Kind::SingleBoard, [6.0, 9.0, 4.0, 7.0, 0.0]),
        ],
        ranked_total: 5,
        waiting_total: waiting.len() as u64,
        waiting,
        others: [("client".to_owned(), vec![old])].into(),
        ..Ranking::default()
    }
}
