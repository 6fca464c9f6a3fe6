//! Scores, coverage, intervals, series and the summary.

use std::collections::BTreeMap;

use report::Component;
use report::score::{Basis, ComponentScore, Scores, conclude, global, score, v0};
use report::series::series;
use report::verdict::judge;
use serde_json::{Value, json};

use crate::with;

fn scores(fields: Value) -> Scores {
    let report = with(fields);
    score(&report, &judge(&report))
}

/// Every metric that counts, at `factor` times as good as its reference.
fn at(factor: f64) -> Vec<Value> {
    let value = |reference: &v0::Reference| match reference.direction {
        report::Direction::Higher => reference.value * factor,
        report::Direction::Lower => reference.value / factor,
    };
    v0::REFERENCES.iter().map(|r| json!({"metric": r.metric, "value": value(r)})).collect()
}

#[test]
fn the_reference_scores_100() {
    let scores = scores(json!({"measurements": at(1.0)}));
    assert_eq!(scores.basis, Basis::V0);
    for (component, score) in &scores.components {
        assert!((score.score - 100.0).abs() < 1e-9, "{component}: {score:?}");
    }
    assert_eq!(scores.coverage, 0.9, "no graphics metric counts in v0");
    assert!((scores.global.unwrap().score - 100.0).abs() < 1e-9);
}

#[test]
fn twice_as_good_scores_200_in_every_direction() {
    for score in scores(json!({"measurements": at(2.0)})).components.values() {
        assert!((score.score - 200.0).abs() < 1e-9);
    }
}

#[test]
fn every_metric_that_counts_is_in_the_catalogue_with_the_same_direction() {
    for reference in v0::REFERENCES {
        let metric = report::MetricId::new(reference.metric).unwrap();
        assert_eq!(metric.component(), Some(reference.component));
        assert_eq!(metric.definition().expect(reference.metric).direction, reference.direction);
    }
}

#[test]
fn with_all_five_the_global_score_is_exactly_the_sum() {
    let of = |score| ComponentScore { score, low: None, high: None };
    let components: BTreeMap<_, _> =
        Component::ALL.into_iter().zip([61.7, 1234.5, 0.1, 99.99, 50_000.0].map(of)).collect();
    let expected = 61.7 * 0.30 + 1234.5 * 0.20 + 0.1 * 0.25 + 99.99 * 0.15 + 50_000.0 * 0.10;
    let (global, coverage) = global(&components);
    assert_eq!((global.unwrap().score, coverage), (expected, 1.0));
}

#[test]
fn what_was_not_measured_is_not_a_zero() {
    let scores = scores(json!({"results": {"cpu": {"score": 80}, "disk": {"score": 40}, "gpu": null}}));
    assert_eq!(scores.basis, Basis::Client);
    let expected = (80.0 * 30.0 + 40.0 * 25.0) / 55.0;
    assert!((scores.global.unwrap().score - expected).abs() < 1e-9);
    assert_eq!(scores.coverage, 0.55);
}

#[test]
fn without_components_there_is_no_score() {
    let scores = scores(json!({"results": {"global_score": 77}}));
    assert_eq!((scores.global, scores.coverage), (None, 0.0));
}

#[test]
fn measurements_count_and_not_what_the_client_thinks() {
    let scores = scores(json!({"results": {"cpu": {"score": 9999}, "memory": {"score": 9999}},
        "measurements": [{"metric": "cpu.events_per_sec_single", "value": v0::REFERENCES[0].value}]}));
    assert_eq!(scores.basis, Basis::V0);
    assert_eq!(scores.components.keys().copied().collect::<Vec<_>>(), [Component::Cpu]);
    assert!((scores.components[&Component::Cpu].score - 100.0).abs() < 1e-9);
}

#[test]
fn the_interval_is_carried_through() {
    let measured = |metric, value: f64| json!({"metric": metric, "value": value, "ci_low": value * 0.9, "ci_high": value * 1.1});
    let scores = scores(json!({"measurements": [measured("cpu.events_per_sec_single", 100.0)]}));
    let cpu = scores.components[&Component::Cpu];
    assert!((cpu.low.unwrap() / cpu.score - 0.9).abs() < 1e-9);
    assert!((cpu.high.unwrap() / cpu.score - 1.1).abs() < 1e-9);
    let global = scores.global.unwrap();
    assert!((global.high.unwrap() - cpu.high.unwrap()).abs() < 1e-9);
}

#[test]
fn lower_is_better_turns_the_interval_round() {
    let latency = json!({"metric": "memory.latency_ns", "value": 100, "ci_low": 80, "ci_high": 125});
    let memory = scores(json!({"measurements": [latency]})).components[&Component::Memory];
    assert!((memory.low.unwrap() / memory.score - 0.8).abs() < 1e-9);
    assert!((memory.high.unwrap() / memory.score - 1.25).abs() < 1e-9);
}

#[test]
fn one_figure_without_interval_leaves_none() {
    let scores = scores(json!({"measurements": [
        {"metric": "cpu.events_per_sec_single", "value": 100, "ci_low": 99, "ci_high": 101},
        {"metric": "cpu.events_per_sec_multi", "value": 100}]}));
    assert_eq!(scores.components[&Component::Cpu].low, None);
}

#[test]
fn only_the_first_disk_path_is_scored() {
    let disk = |path, value: f64| json!({"metric": "disk.read_mb_s", "value": value, "params": {"path": path, "fs_type": if path == "/dev/shm" { "tmpfs" } else { "ext4" }}});
    let report =
        with(json!({"measurements": [disk("/srv", 550.0), disk("/mnt", 5500.0), disk("/dev/shm", 55000.0)]}));
    let judgement = judge(&report);
    assert_eq!(judgement.components[&Component::Disk].verdict, report::verdict::Verdict::Valid);
    assert!((score(&report, &judgement).components[&Component::Disk].score - 100.0).abs() < 1e-9);
    let variants: Vec<_> = series(&report, &judgement).into_iter().map(|row| row.variant).collect();
    assert_eq!(variants, ["", "/mnt", "/dev/shm"]);
}

#[test]
fn no_other_disk_path_takes_the_place_of_a_first_one_that_failed() {
    let extra =
        json!({"metric": "disk.read_mb_s", "value": 5500.0, "params": {"path": "/mnt", "extra_path": true}});
    let report = with(json!({
        "measurements": [extra],
        "missing": [{"path": "results.disk", "reason": "no_space"}],
    }));
    let judgement = judge(&report);
    assert!(!judgement.components.get(&Component::Disk).is_some_and(|disk| disk.scored));
    assert_eq!(score(&report, &judgement).global, None);
    let variants: Vec<_> = series(&report, &judgement).into_iter().map(|row| row.variant).collect();
    assert_eq!(variants, ["/mnt"]);
}

#[test]
fn same_host_is_shown_and_not_scored() {
    let network = |metric| json!({"metric": metric, "value": 1000, "params": {"same_host": true}});
    let report =
        with(json!({"measurements": [network("network.upload_mbps"), network("network.download_mbps")]}));
    let judgement = judge(&report);
    assert!(!judgement.components[&Component::Network].scored);
    assert_eq!(score(&report, &judgement).global, None);
    assert_eq!(series(&report, &judgement).len(), 2);
}

#[test]
fn a_round_trip_alone_is_no_network_score() {
    assert_eq!(scores(json!({"measurements": [{"metric": "network.ping_ms", "value": 20}]})).global, None);
}

#[test]
fn an_invalid_figure_leaves_the_score_to_the_others() {
    let scores = scores(json!({"measurements": [
        {"metric": "cpu.events_per_sec_single", "value": v0::REFERENCES[0].value},
        {"metric": "cpu.sha256_mb_s_single", "value": 9e9, "params": {"output_correct": false}}]}));
    assert!((scores.components[&Component::Cpu].score - 100.0).abs() < 1e-9);
}

#[test]
fn figures_without_a_ratio_are_left_out() {
    let cpu = |value: f64| json!({"metric": "cpu.events_per_sec_single", "value": value});
    assert_eq!(scores(json!({"measurements": [cpu(0.0)]})).global, None);
    let huge = scores(json!({"measurements": [cpu(1.7e308)], "results": {}}));
    assert!(huge.global.is_none_or(|global| global.score.is_finite()));
    let huge = scores(
        json!({"results": {"cpu": {"score": 1.7e308}, "memory": {"score": 1.7e308}, "disk": {"score": 1.7e308}}}),
    );
    assert!(huge.global.unwrap().score.is_finite());
}

#[test]
fn results_of_old_clients_become_series() {
    let report =
        with(json!({"results": {"cpu": {"score": 5, "events_per_sec": 900}, "disk": {"read_mb_s": 100},
        "gpu": {"fps": 60, "api": "Vulkan", "Odd Name": 1}, "global_score": 5}}));
    let rows = series(&report, &judge(&report));
    let metrics: Vec<&str> = rows.iter().map(|row| row.metric.as_str()).collect();
    assert_eq!(metrics, ["cpu.score", "cpu.events_per_sec", "disk.read_mb_s", "gpu.fps"]);
    assert_eq!(rows[2].unit.as_deref(), Some("MB/s"));
}

#[test]
fn a_measurement_comes_before_its_summary_and_once() {
    let report = with(json!({"results": {"cpu": {"score": 5}, "disk": {"read_mb_s": 100, "write_mb_s": 7}},
        "measurements": [{"metric": "disk.read_mb_s", "value": 101, "test_version": 3},
            {"metric": "disk.read_mb_s", "value": 102}, {"metric": "disk.iops_read"}]}));
    let rows = series(&report, &judge(&report));
    let short: Vec<_> = rows.iter().map(|row| (row.metric.as_str(), row.value, row.test_version)).collect();
    assert_eq!(short, [("disk.read_mb_s", 101.0, Some(3)), ("disk.write_mb_s", 7.0, None)]);
}

#[test]
fn the_agent_concludes_a_report_once_and_for_all() {
    let mut report = with(json!({
        "environment": {"components": {"cpu": {"background_percent": 50}}},
        "measurements": [
            {"metric": "cpu.events_per_sec_single", "value": 1700, "params": {"duration_s": 1.5}},
            {"metric": "cpu.events_per_sec_multi", "value": 2400},
            {"metric": "disk.read_mb_s", "value": 550, "params": {"path": "/a"}},
            {"metric": "disk.read_mb_s", "value": 5, "params": {"path": "/b"}},
            {"metric": "memory.latency_ns", "value": 50, "reasons": [{"code": "timed_out"}]}],
    }));
    let (judgement, scores) = conclude(&mut report);
    let results = &report.results;
    let cpu = results.cpu.as_ref().unwrap();
    assert_eq!(cpu.events_per_sec_single.unwrap().get(), 1700.0);
    assert_eq!(cpu.score.unwrap().get(), scores.components[&Component::Cpu].score);
    assert!(
        (cpu.score_single.unwrap().get() * cpu.score_multi.unwrap().get()).sqrt() - cpu.score.unwrap().get()
            < 1e-9
    );
    assert_eq!(cpu.duration_s.unwrap().get(), 1.5);
    assert_eq!(results.disk.as_ref().unwrap().read_mb_s.unwrap().get(), 550.0);
    assert_eq!(results.memory, None, "it timed out");
    assert_eq!(results.global_score.unwrap().get(), scores.global.unwrap().score);
    // The server comes to the same.
    let received = crate::report(&serde_json::to_string(&report).unwrap());
    let again = judge(&received);
    assert_eq!(again, judgement);
    assert_eq!(score(&received, &again), scores);
}
