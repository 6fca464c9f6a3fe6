//! GET /api/compare.

use serde_json::{Value, json};
use server::config::Settings;

use super::patch;
use crate::engines::{on_both_engines, on_both_engines_with};
use crate::reports::{desktop, old_client, read, submit, times};

const AT: &str = "2024-03-01T12:00:00Z";

/// The row of a metric.
fn metric<'a>(compared: &'a Value, id: &str) -> &'a Value {
    let rows = compared["metrics"].as_array().unwrap();
    rows.iter().find(|row| row["metric"] == id).unwrap_or_else(|| panic!("no {id} in {compared}"))
}

/// Relation and sentence of the second beside the first.
fn told(row: &Value) -> (&str, &str) {
    let against = &row["against_first"][0];
    (against["relation"].as_str().unwrap(), against["sentence"].as_str().unwrap())
}

fn codes(row: &Value) -> Vec<&str> {
    let reasons = row["against_first"][0]["reasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[test]
fn two_machines_are_compared_in_words_and_numbers() {
    on_both_engines(|server| {
        submit(server, &desktop("slow", AT));
        let mut fast = times(desktop("fast", AT), 1.5);
        fast["hardware"]["cpu"]["model"] = "Sample i7".into();
        submit(server, &fast);
        let compared = read(server, "/api/compare?devices=1,2");
        let cpu = metric(&compared, "cpu.events_per_sec_single");
        assert_eq!(told(cpu), ("faster", "1.50 ± 0.01 times faster"));
        let against = &cpu["against_first"][0];
        let [ratio, low, high] =
            ["ratio", "ratio_low", "ratio_high"].map(|name| against[name].as_f64().unwrap());
        assert!((ratio - 1.5).abs() < 1e-9 && low < ratio && ratio < high && low > 1.49, "{against}");
        assert_eq!(cpu["figures"][1]["value"], 2250.0);
        assert_eq!(compared["components"][0]["component"], "cpu");
        assert_eq!(told(&compared["components"][0]).0, "faster");
        let disk = metric(&compared, "disk.read_mb_s");
        assert_eq!((told(disk).0, codes(disk)), ("not_comparable", vec!["suspect", "suspect"]));
        assert!(told(disk).1.starts_with("not comparable, because the figure of slow is suspect"));
        assert_eq!(told(&compared["global"]).0, "not_comparable", "its disk is suspect");
        assert_eq!(
            compared["hardware"][0]["differences"],
            json!([{"section": "cpu", "path": "cpu.model", "before": "Sample i5-6500", "after": "Sample i7"}])
        );
        let back = read(server, "/api/compare?devices=2,1");
        assert_eq!(told(metric(&back, "cpu.events_per_sec_single")), ("slower", "1.50 ± 0.01 times slower"));
        assert_eq!(back["compared"][0]["device_name"], "fast");
    });
}

#[test]
fn two_benchmarks_may_not_differ() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", AT));
        submit(server, &times(desktop("desk", "2024-03-02T12:00:00Z"), 1.001));
        let compared = read(server, "/api/compare?benchmarks=1,2");
        assert_eq!(
            told(metric(&compared, "cpu.events_per_sec_single")),
            ("no_difference", "no difference that these measurements can show")
        );
        assert_eq!(
            compared["hardware"][0],
            json!({"before_id": 1, "after_id": 1, "same_device": true, "differences": []})
        );
    });
}

#[test]
fn what_was_measured_otherwise_is_not_compared() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", AT));
        let cpu = |change: &dyn Fn(&mut Value)| {
            let mut report = desktop("desk", "2024-03-02T12:00:00Z");
            change(&mut report);
            let id = submit(server, &report)["benchmark_id"].clone();
            let compared = read(server, &format!("/api/compare?benchmarks=1,{id}"));
            let row = metric(&compared, "cpu.events_per_sec_single").clone();
            (codes(&row).join(" "), told(&row).1.to_owned())
        };
        let sure = |text: &str| format!("not comparable, because {text}");
        assert_eq!(
            cpu(&|report| report["preset"] = "short".into()),
            ("preset".to_owned(), sure("the presets differ (normal, short)"))
        );
        assert_eq!(
            cpu(&|report| report["measurements"][0]["test_version"] = 2.into()),
            ("test_version".to_owned(), sure("the test versions differ (1, 2)"))
        );
        assert_eq!(
            cpu(&|report| report["measurements"][0]["params"]["threads"] = 2.into()),
            ("threads".to_owned(), sure("the numbers of threads differ (1, 2)"))
        );
        assert_eq!(
            cpu(&|report| {
                report["measurements"].as_array_mut().unwrap().remove(0);
            }),
            ("not_measured".to_owned(), sure("desk has no such figure"))
        );
    });
}

#[test]
fn disks_and_servers_have_to_be_alike() {
    let settings = |settings| Settings { read_access: Some("public".to_owned()), ..settings };
    on_both_engines_with(settings, |server| {
        let measured = |fs: &str, host: &str, at: &str| {
            let mut report = desktop("desk", at);
            report["environment"] = json!({});
            report["measurements"][1]["params"]["fs_type"] = fs.into();
            let network = json!({"metric": "network.download_mbps", "value": 900, "test_version": 1, "ci_low": 890, "ci_high": 910,
                "samples": [890, 895, 900, 900, 905, 910], "params": {"server": host}});
            report["measurements"].as_array_mut().unwrap().push(network);
            submit(server, &report);
        };
        measured("ext4", "198.51.100.7", AT);
        measured("xfs", "198.51.100.8", "2024-03-02T12:00:00Z");
        let answer = server.get("/api/compare?benchmarks=1,2");
        assert!(!answer.text().contains("198.51"), "the public is told no addresses");
        let compared = answer.json();
        let disk = metric(&compared, "disk.read_mb_s");
        assert_eq!(told(disk).1, "not comparable, because the file systems differ (ext4, xfs)");
        assert_eq!(codes(metric(&compared, "network.download_mbps")), ["server"]);
    });
}

#[test]
fn scores_of_old_clients_have_no_interval_and_excluded_ones_do_not_count() {
    on_both_engines(|server| {
        submit(server, &old_client("a", AT, 50.0));
        submit(server, &old_client("b", AT, 60.0));
        submit(server, &desktop("c", AT));
        let compared = read(server, "/api/compare?benchmarks=1,2");
        assert_eq!(codes(&compared["global"]), ["no_interval"]);
        let ratio = compared["global"]["against_first"][0]["ratio"].as_f64().unwrap();
        assert!((ratio - 1.2).abs() < 1e-9, "{ratio}");
        let compared = read(server, "/api/compare?devices=1,3");
        assert!(codes(&compared["components"][0]).contains(&"basis"), "{compared}");
        let why = json!({ "excluded": true, "excluded_reason": "a test" });
        assert_eq!(patch(server, "/api/benchmarks/2", &why).status, 200);
        let compared = read(server, "/api/compare?benchmarks=1,2");
        assert_eq!(codes(&compared["global"]), ["excluded"]);
        let compared = read(server, "/api/compare?devices=1,2");
        assert_eq!(codes(&compared["global"]), ["not_measured"], "its only benchmark counts for nothing");
    });
}

#[test]
fn what_does_not_fit_is_named() {
    on_both_engines(|server| {
        for name in ["a", "b"] {
            submit(server, &old_client(name, AT, 50.0));
        }
        let many: Vec<String> = (1..14).map(|id| id.to_string()).collect();
        let many = format!("devices={}", many.join(","));
        for (query, path) in [
            ("", "devices"),
            ("devices=1", "devices"),
            ("devices=", "devices"),
            ("devices=1,1", "devices"),
            ("devices=1,x", "devices"),
            ("benchmarks=1", "benchmarks"),
            ("benchmarks=1,,2", "benchmarks"),
            (many.as_str(), "devices"),
            ("devices=1,2&benchmarks=1,2", "benchmarks"),
            ("devices=1,2&colour=red", "colour"),
        ] {
            let answer = server.get(&format!("/api/compare?{query}"));
            assert_eq!((answer.status, answer.paths()), (422, vec![path.to_owned()]), "{query}");
        }
        for (query, id) in [("devices=1,9", "9"), ("benchmarks=8,1", "8")] {
            let answer = server.get(&format!("/api/compare?{query}"));
            assert_eq!(answer.status, 404, "{query}");
            assert!(answer.json()["detail"].as_str().unwrap().contains(&format!("id {id}")), "{query}");
        }
        assert_eq!(server.get("/api/compare?devices=1,2").status, 200);
    });
}

#[test]
fn devices_that_were_never_measured_do_not_hide_the_hardware_of_others() {
    on_both_engines(|server| {
        crate::typed::make(server, &json!({"name": "planned"}));
        submit(server, &desktop("slow", AT));
        let mut fast = desktop("fast", AT);
        fast["hardware"]["cpu"]["model"] = "Sample i7".into();
        submit(server, &fast);
        crate::typed::make(server, &json!({"name": "ordered"}));
        for (query, without) in [("1,2,3", json!([1])), ("2,3", json!([])), ("2,4,1,3", json!([4, 1]))] {
            let compared = read(server, &format!("/api/compare?devices={query}"));
            assert_eq!(compared["without_hardware"], without, "{query}");
            let models = compared["hardware"].as_array().unwrap();
            assert_eq!(models.len(), 1, "{query}: {models:?}");
            assert_eq!(models[0]["differences"][0]["after"], "Sample i7", "{query}");
        }
        let none = read(server, "/api/compare?devices=1,4");
        assert_eq!((&none["hardware"], &none["without_hardware"]), (&json!([]), &json!([1, 4])));
    });
}
