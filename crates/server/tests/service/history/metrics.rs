//! GET /api/metrics, /api/metrics/{metric} and /api/devices/{id}/metrics/{metric}.

use serde_json::{Value, json};

use super::patch;
use crate::common::Server;
use crate::engines::on_both_engines;
use crate::reports::{desktop, old_client, read, submit, times};

const CPU: &str = "cpu.events_per_sec_single";

fn field(list: &Value, name: &str) -> Vec<Value> {
    list["items"].as_array().unwrap().iter().map(|item| item[name].clone()).collect()
}

fn exclude(server: &Server, id: i64) {
    let why = json!({ "excluded": true, "excluded_reason": "a test" });
    assert_eq!(patch(server, &format!("/api/benchmarks/{id}"), &why).status, 200);
}

#[test]
fn a_series_is_in_the_order_of_time() {
    on_both_engines(|server| {
        for (day, factor) in [(2, 2.0), (1, 1.0), (3, 3.0)] {
            submit(server, &times(desktop("desk", &format!("2024-03-0{day}T12:00:00Z")), factor));
        }
        submit(server, &old_client("desk", "2024-03-04T12:00:00Z", 50.0));
        submit(server, &desktop("other", "2024-03-01T12:00:00Z"));
        exclude(server, 3);
        let path = format!("/api/devices/1/metrics/{CPU}");
        let series = read(server, &path);
        assert_eq!((&series["unit"], &series["direction"]), (&json!("events/s"), &json!("higher")));
        assert_eq!(field(&series, "value"), [1500.0, 3000.0, 4500.0]);
        assert_eq!(field(&series, "benchmark_id"), [2, 1, 3]);
        assert_eq!(field(&series, "excluded"), [false, false, true]);
        let first = &series["items"][0];
        assert_eq!((&first["ci_low"], &first["test_version"]), (&json!(1495.0), &json!(1)));
        assert_eq!((&first["verdict"], &first["preset"]), (&json!("valid"), &json!("normal")));
        let some = read(server, &format!("{path}?from=2024-03-02T12:00:00Z&to=2024-03-03T12:00:00Z"));
        assert_eq!(field(&some, "benchmark_id"), [1]);
        let mut part = read(server, &format!("{path}?page_size=2"));
        assert_eq!((field(&part, "benchmark_id"), &part["total"]), (vec![json!(2), json!(1)], &json!(3)));
        part = read(server, &format!("{path}?page_size=2&cursor={}", part["next_cursor"].as_str().unwrap()));
        assert_eq!((field(&part, "benchmark_id"), &part["next_cursor"]), (vec![json!(3)], &Value::Null));
    });
}

#[test]
fn another_disk_is_a_series_of_its_own() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        let path = "/api/devices/1/metrics/disk.read_mb_s";
        let series = read(server, path);
        assert_eq!(
            (field(&series, "value"), &series["variants"]),
            (vec![json!(500.0)], &json!(["/mnt/slow"]))
        );
        assert_eq!(field(&read(server, &format!("{path}?variant=/mnt/slow")), "value"), [120.0]);
    });
}

#[test]
fn the_newest_figure_of_every_machine_comes_best_first() {
    on_both_engines(|server| {
        for (name, day, factor) in
            [("a", 1, 9.0), ("a", 2, 2.0), ("b", 1, 4.0), ("c", 1, 3.0), ("c", 2, 8.0), ("d", 1, 2.0)]
        {
            submit(server, &times(desktop(name, &format!("2024-03-0{day}T12:00:00Z")), factor));
        }
        // Newer, without a figure of this metric.
        submit(server, &old_client("b", "2024-03-05T12:00:00Z", 50.0));
        // What does not count is passed over.
        exclude(server, 5);
        let path = format!("/api/metrics/{CPU}");
        let list = read(server, &path);
        assert_eq!(field(&list, "device_name"), ["b", "c", "d", "a"]);
        assert_eq!(field(&list, "benchmark_id"), [3, 4, 6, 2]);
        assert_eq!(field(&list, "value"), [6000.0, 4500.0, 3000.0, 3000.0]);
        let mut query = "?page_size=1".to_owned();
        let mut walked = Vec::new();
        loop {
            let part = read(server, &format!("{path}{query}"));
            assert_eq!(part["total"], 4);
            walked.extend(field(&part, "device_name"));
            let Some(cursor) = part["next_cursor"].as_str() else { break };
            query = format!("?page_size=1&cursor={cursor}");
        }
        assert_eq!(walked, ["b", "c", "d", "a"]);
        assert_eq!(field(&read(server, &format!("{path}?page=2&page_size=3")), "device_name"), ["a"]);
    });
}

#[test]
fn the_fastest_is_first_where_less_is_better() {
    on_both_engines(|server| {
        for (name, latency) in [("slow", 300.0), ("fast", 100.0), ("middle", 200.0)] {
            let mut report = desktop(name, "2024-03-01T12:00:00Z");
            report["measurements"] =
                json!([{"metric": "memory.latency_ns", "value": latency, "test_version": 1}]);
            submit(server, &report);
        }
        let list = read(server, "/api/metrics/memory.latency_ns");
        assert_eq!(field(&list, "device_name"), ["fast", "middle", "slow"]);
        let part = read(server, "/api/metrics/memory.latency_ns?page_size=1");
        let cursor = part["next_cursor"].as_str().unwrap();
        let rest = read(server, &format!("/api/metrics/memory.latency_ns?page_size=1&cursor={cursor}"));
        assert_eq!(field(&rest, "device_name"), ["middle"]);
    });
}

#[test]
fn the_metrics_that_there_are() {
    on_both_engines(|server| {
        assert_eq!(read(server, "/api/metrics"), json!({ "items": [], "total": 0 }));
        for name in ["a", "b"] {
            submit(server, &desktop(name, "2024-03-01T12:00:00Z"));
        }
        submit(server, &old_client("c", "2024-03-01T12:00:00Z", 50.0));
        let metrics = read(server, "/api/metrics");
        assert_eq!(
            field(&metrics, "id"),
            [CPU, "cpu.score", "disk.iops_write", "disk.read_mb_s", "memory.score"]
        );
        assert_eq!(field(&metrics, "devices"), [2, 1, 2, 2, 1]);
        assert_eq!(
            metrics["items"][3],
            json!({ "id": "disk.read_mb_s", "unit": "MB/s", "direction": "higher", "component": "disk", "devices": 2 })
        );
        assert_eq!(metrics["items"][1]["unit"], Value::Null);
    });
}

#[test]
fn what_is_not_there_is_empty_and_what_is_no_metric_is_refused() {
    on_both_engines(|server| {
        submit(server, &desktop("desk", "2024-03-01T12:00:00Z"));
        for path in ["/api/metrics/gpu.fill_rate", "/api/devices/1/metrics/gpu.fill_rate"] {
            let list = read(server, path);
            assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)), "{path}");
        }
        assert_eq!(server.get(&format!("/api/devices/9/metrics/{CPU}")).status, 404);
        for metric in ["cpu", "CPU.score", "cpu.", "cpu.a.b", "cpu.%C3%A9"] {
            for path in [format!("/api/metrics/{metric}"), format!("/api/devices/1/metrics/{metric}")] {
                let answer = server.get(&path);
                assert_eq!((answer.status, answer.paths()), (422, vec!["metric".to_owned()]), "{path}");
            }
        }
        let to = "from=2024-03-02T00:00:00Z&to=2024-03-01T00:00:00Z";
        for (query, name) in [("colour=red", "colour"), ("page=0", "page"), (to, "to"), ("from=x", "from")] {
            assert_eq!(
                server.get(&format!("/api/devices/1/metrics/{CPU}?{query}")).paths(),
                [name],
                "{query}"
            );
        }
        assert_eq!(server.get("/api/metrics?page=1").status, 422);
    });
}
