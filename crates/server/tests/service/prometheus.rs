//! /metrics and /metrics/devices, as Prometheus reads them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use server::config::Settings;

use crate::access::{bearing, of_scope};
use crate::common::{Answer, Request, Server};
use crate::engines::{execute_on_sqlite, on_both_engines};
use crate::reports::{desktop, old_client, submit};

fn text(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    answer.text()
}

fn metrics(server: &Server) -> String {
    text(&server.get("/metrics")).to_owned()
}

/// The value of a line; `None` if there is none.
fn value(text: &str, line: &str) -> Option<f64> {
    let rest = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '))?;
    Some(rest.parse().unwrap_or_else(|error| panic!("{error}: {line} {rest}")))
}

/// Every line is a comment, or a metric with a number; all lines of a metric stand together, below its type.
fn check_form(text: &str) -> BTreeSet<String> {
    let (mut names, mut current) = (BTreeSet::new(), String::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            current = rest.split(' ').next().unwrap().to_owned();
            assert!(names.insert(current.clone()), "{current} stands in two places");
        } else if !line.starts_with("# HELP ") {
            let (metric, number) = line.rsplit_once(' ').unwrap();
            assert!(number.parse::<f64>().is_ok(), "{line}");
            assert!(metric.starts_with(&current) && !current.is_empty(), "{line} below {current}");
            names.insert(metric.split('{').next().unwrap().to_owned());
        }
    }
    names
}

#[test]
fn requests_and_reports_are_counted() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        for _ in 0..3 {
            server.get("/api/devices/1");
            server.get("/api/devices/99");
            server.get("/made/up/path");
            server.send(&Request::new("BREW", "/api/devices"));
        }
        let text = metrics(server);
        check_form(&text);
        for (line, expected) in [
            (r#"benchtools_http_requests_total{method="POST",route="/api/benchmark",status="200"}"#, 1.0),
            (r#"benchtools_http_requests_total{method="GET",route="/api/devices/{id}",status="200"}"#, 3.0),
            (r#"benchtools_http_requests_total{method="GET",route="/api/devices/{id}",status="404"}"#, 3.0),
            (r#"benchtools_http_requests_total{method="GET",route="none",status="404"}"#, 3.0),
            (r#"benchtools_http_requests_total{method="other",route="/api/devices",status="405"}"#, 3.0),
            (
                r#"benchtools_http_request_duration_seconds_bucket{method="GET",route="/api/devices/{id}",le="+Inf"}"#,
                6.0,
            ),
            (r#"benchtools_reports_total{verdict="suspect"}"#, 1.0),
            ("benchtools_write_batch_reports_sum", 1.0),
            (r#"benchtools_write_batch_reports_bucket{le="1"}"#, 1.0),
            (&format!("benchtools_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1.0),
            (r#"benchtools_store_errors_total{class="unavailable"}"#, 0.0),
        ] {
            assert_eq!(value(&text, line), Some(expected), "{line} in {text}");
        }
        assert!(value(&text, "benchtools_uptime_seconds").unwrap() > 0.0);
        assert!(!text.contains("made/up") && !text.contains("BREW"), "{text}");
    });
}

#[test]
fn failures_of_the_database_are_counted() {
    let server = Server::start();
    assert!(value(&metrics(&server), "benchtools_wal_bytes").is_some());
    execute_on_sqlite(&server, "drop table changes".to_owned());
    assert_eq!(server.send(&Request::new("GET", "/api/changes").token()).status, 500);
    execute_on_sqlite(&server, "drop table tombstones".to_owned());
    let report = Request::report(old_client("nas", "2024-03-01T12:00:00Z", 50.0).to_string());
    assert_eq!(server.send(&report).status, 500);
    let refused = value(&metrics(&server), r#"benchtools_store_errors_total{class="refused"}"#);
    assert!(refused.unwrap() >= 2.0, "{refused:?}");
}

#[test]
fn every_device_has_its_scores() {
    on_both_engines(|server| {
        assert_eq!(check_form(text(&server.get("/metrics/devices"))).len(), 3);
        submit(server, &old_client("a \"quoted\" \\ name", "2024-03-01T12:00:00Z", 50.0));
        submit(server, &desktop("desk", "2024-03-02T12:00:00.500Z"));
        let answer = server.get("/metrics/devices");
        let text = text(&answer);
        check_form(text);
        let quoted = r#"id="1",name="a \"quoted\" \\ name""#;
        for component in ["cpu", "memory"] {
            let line =
                format!("benchtools_device_score{{{quoted},basis=\"client\",component=\"{component}\"}}");
            assert_eq!(value(text, &line), Some(50.0), "{text}");
        }
        let global = format!("benchtools_device_global_score{{{quoted},basis=\"client\"}}");
        assert_eq!(value(text, &global), Some(50.0), "{text}");
        let last = r#"benchtools_device_last_benchmark_timestamp_seconds{id="2",name="desk"}"#;
        assert_eq!(value(text, last), Some(1_709_380_800.5), "{text}");
        let standing = &server.get("/api/devices/2").json()["standing"];
        let cpu = r#"benchtools_device_score{id="2",name="desk",basis="v0",component="cpu"}"#;
        assert_eq!(value(text, cpu), standing["components"]["cpu"]["score"].as_f64(), "{standing}");
        assert!(!text.contains("component=\"network\""), "what was not measured has no line: {text}");
    });
}

/// Copies the first device so often.
const MORE: &str = "insert into devices (device_identifier, name_explicit, kind, reported_json, hints_json, standing_json, \
     recent_json, basis, global_score, cpu_score, coverage, verdict, benchmarks, last_benchmark_at, created_at, updated_at) \
     with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 1200) \
     select 'copy ' || n, 0, kind, reported_json, hints_json, standing_json, recent_json, basis, global_score, cpu_score, \
     coverage, verdict, benchmarks, last_benchmark_at, created_at, updated_at from devices, numbers";

#[test]
fn many_devices_come_in_parts_and_each_once() {
    let server = Server::start();
    submit(&server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
    execute_on_sqlite(&server, MORE.to_owned());
    let answer = server.get("/metrics/devices");
    let text = text(&answer);
    check_form(text);
    let names: BTreeSet<&str> = text
        .lines()
        .filter(|line| line.starts_with("benchtools_device_global_score{"))
        .map(|line| line.split('"').nth(3).unwrap())
        .collect();
    assert_eq!(names.len(), 1201);
    assert_eq!(text.matches("\nbenchtools_device_global_score{").count(), 1201);
}

#[test]
fn who_may_read_may_scrape() {
    for access in ["open", "public", "token"] {
        let server =
            Server::with(|settings, _| Settings { read_access: Some(access.to_owned()), ..settings });
        let submit = of_scope(&server, "submit");
        for path in ["/metrics", "/metrics/devices"] {
            assert_eq!(server.get(path).status, if access == "token" { 401 } else { 200 }, "{access} {path}");
            assert_eq!(server.send(&bearing(Request::new("GET", path), &submit)).status, 200);
        }
    }
}

/// The names of metrics that a text holds.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("benchtools_")).map(str::to_owned).collect()
}

#[test]
fn the_dashboard_names_only_metrics_that_there_are() {
    let server = Server::start();
    submit(&server, &desktop("desk", "2024-03-01T12:00:00Z"));
    let mut there = check_form(&metrics(&server));
    there.extend(check_form(text(&server.get("/metrics/devices"))));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/grafana-dashboard.json");
    let dashboard: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert!(panels.len() >= 8);
    let asked = named(&json!([panels, dashboard["templating"]]).to_string());
    let missing: Vec<_> = asked.difference(&there).collect();
    assert!(missing.is_empty(), "{missing:?} of {there:?}");
    // And nothing of what there is goes unseen.
    let base = |name: &str| {
        ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
    };
    let shown: BTreeSet<_> = asked.iter().map(|name| base(name)).collect();
    let unseen: Vec<_> = there.iter().map(|name| base(name)).filter(|name| !shown.contains(name)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}
