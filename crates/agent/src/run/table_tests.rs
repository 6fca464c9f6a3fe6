//! Tests of the table of results.

use report::score::conclude;

use super::*;

/// A machine of which everything but graphics was measured, with a busy processor.
fn report() -> Report {
    let json = serde_json::json!({
        "device_identifier": "tested",
        "environment": {"components": {"cpu": {"background_percent": 40.0, "gate_timed_out": true}}},
        "measurements": [
            measured("cpu.events_per_sec_single", 1234.5),
            measured("cpu.events_per_sec_multi", 9876.0),
            measured("memory.throughput_mib_s", 18_000.0),
            measured("memory.latency_ns", 87.25),
            measured("disk.read_mb_s", 512.0),
            measured("disk.write_mb_s", 480.0),
            measured("disk.iops_read", 91_234.0),
            measured("disk.iops_write", 70_000.0),
            measured("disk.latency_ms", 0.3219),
            measured("network.download_mbps", 940.0),
            measured("network.upload_mbps", 930.0),
            measured("network.ping_ms", 0.31),
        ],
        "missing": [
            {"path": "results.gpu", "reason": "not_supported"},
            {"path": "hardware.ram.layout", "reason": "needs_root"},
        ],
    });
    report::parse(json.to_string().as_bytes()).unwrap()
}

fn measured(metric: &str, value: f64) -> serde_json::Value {
    let samples: Vec<f64> = (0..8).map(|n| value * (1.0 + f64::from(n - 4) / 1000.0)).collect();
    serde_json::json!({
        "metric": metric, "value": value, "samples": samples, "spread": value * 0.002,
        "ci_low": value * 0.99, "ci_high": value * 1.01, "test_version": 1,
    })
}

fn text(lang: Lang, look: Look) -> String {
    let mut report = report();
    let (judgement, scores) = conclude(&mut report);
    render(&report, &judgement, &scores, lang, look)
}

#[test]
fn it_fits_eighty_columns_in_both_languages() {
    for lang in [Lang::En, Lang::Fr] {
        for look in [Look::Framed, Look::Plain] {
            let text = text(lang, look);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= 80, "{widest}:\n{text}");
        }
    }
}

#[test]
fn it_shows_figures_scores_reasons_and_what_is_missing() {
    let text = text(Lang::En, Look::Plain);
    for part in [
        "one thread 1,234 events/s",
        "throughput 17.6 GiB/s",
        "random read 91,234 IOPS",
        "durable write 0.322 ms",
        "round trip 0.310 ms",
        "suspect: busy",
        "valid",
        " ± ",
        "not measured: not supported",
        "from 4 of 5 components",
        "Run as root to read also: layout",
    ] {
        // Cells are wrapped: compare without line breaks and repeated blanks.
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(part.trim()), "{part}:\n{text}");
    }
    assert!(!text.contains(['│', '─', '═']), "{text}");
}

#[test]
fn french_is_french() {
    let text = text(Lang::Fr, Look::Framed);
    for part in
        ["Processeur", "Mémoire", "lecture 512 MB/s", "douteux", "sur 4 composantes sur 5", "17,6 GiB/s"]
    {
        assert!(text.contains(part), "{part}:\n{text}");
    }
}

#[test]
fn without_any_figure_there_is_no_score() {
    let mut report = report::parse(br#"{"device_identifier":"x"}"#).unwrap();
    let (judgement, scores) = conclude(&mut report);
    let text = render(&report, &judgement, &scores, Lang::En, Look::Plain);
    assert!(text.contains("No score"), "{text}");
}
