//! Filters of GET /api/benchmarks and GET /api/devices/{id}/benchmarks.

use serde_json::json;

use super::{ids, patch};
use crate::common::Server;
use crate::engines::on_both_engines;
use crate::reports::{desktop, old_client, read, submit};

/// Five benchmarks of three devices, a day apart: 1 and 2 of `a`, 3 of `b`, 4 and 5 of `c`.
fn fill(server: &Server) {
    submit(server, &desktop("a", "2024-03-01T12:00:00Z"));
    let mut short = desktop("a", "2024-03-02T12:00:00Z");
    short["preset"] = "short".into();
    short["label"] = "After the new cooler".into();
    submit(server, &short);
    submit(server, &old_client("b", "2024-03-03T12:00:00Z", 50.0));
    let mut broken = desktop("c", "2024-03-04T12:00:00Z");
    broken["measurements"] = json!([]);
    broken["label"] = "50 % off_".into();
    broken["missing"] = json!([{"path": "results.cpu", "reason": "crashed"}]);
    submit(server, &broken);
    submit(server, &old_client("c", "2024-03-05T12:00:00Z", 60.0));
    let why = json!({ "excluded": true, "excluded_reason": "a test" });
    assert_eq!(patch(server, "/api/benchmarks/3", &why).status, 200);
}

#[test]
fn each_filter_and_all_of_them_hold() {
    on_both_engines(|server| {
        fill(server);
        for (query, expected) in [
            ("", vec![5, 4, 3, 2, 1]),
            ("device=1", vec![2, 1]),
            ("device=1&device=2", vec![3, 2, 1]),
            ("device=99", vec![]),
            ("from=2024-03-03T12:00:00Z", vec![5, 4, 3]),
            ("to=2024-03-03T12:00:00Z", vec![2, 1]),
            ("from=2024-03-02T13:00:00%2B01:00&to=2024-03-04T12:00:00.001Z", vec![4, 3, 2]),
            ("verdict=suspect", vec![2, 1]),
            ("verdict=invalid", vec![4]),
            ("verdict=valid", vec![5, 3]),
            ("basis=client", vec![5, 4, 3]),
            ("basis=v0", vec![2, 1]),
            ("preset=short", vec![2]),
            ("preset=thorough", vec![]),
            ("label=after%20the%20new%20cooler", vec![1]),
            ("label=50%20%25%20off_", vec![4]),
            ("label=50%25", vec![]),
            ("excluded=true", vec![3]),
            ("excluded=false", vec![5, 4, 2, 1]),
            ("basis=v0&preset=normal&verdict=suspect&device=1", vec![1]),
        ] {
            let list = read(server, &format!("/api/benchmarks?{query}"));
            assert_eq!(ids(&list), expected, "{query}");
            assert_eq!(list["total"], expected.len(), "{query}");
            let of_one: Vec<i64> = expected.into_iter().filter(|id| *id <= 2).collect();
            let list = read(server, &format!("/api/devices/1/benchmarks?{query}"));
            assert_eq!(ids(&list), of_one, "of the first device: {query}");
        }
    });
}

#[test]
fn parts_of_a_filtered_list_are_all_of_it() {
    on_both_engines(|server| {
        fill(server);
        let query = "/api/benchmarks?excluded=false&from=2024-03-02T00:00:00Z&page_size=1";
        assert_eq!(ids(&read(server, &format!("{query}&page=2"))), [4]);
        let mut part = read(server, query);
        let mut all = ids(&part);
        while let Some(cursor) = part["next_cursor"].as_str() {
            part = read(server, &format!("{query}&cursor={cursor}"));
            all.extend(ids(&part));
        }
        assert_eq!(all, [5, 4, 2]);
    });
}

#[test]
fn what_does_not_fit_is_named_with_what_would() {
    on_both_engines(|server| {
        fill(server);
        for (query, path, accepted) in [
            ("verdict=good", "verdict", "suspect"),
            ("basis=v9", "basis", "client"),
            ("preset=long", "preset", "thorough"),
            ("excluded=maybe", "excluded", "\"false\""),
            ("device=nas", "device", ""),
            ("from=yesterday", "from", "RFC 3339"),
            ("to=2024-03-01", "to", "RFC 3339"),
            ("from=2024-03-02T00:00:00Z&to=2024-03-01T00:00:00Z", "to", "after"),
            ("preset=short&preset=normal", "preset", "more than once"),
            ("sort=score", "sort", "does not take"),
        ] {
            for list in ["/api/benchmarks", "/api/devices/1/benchmarks"] {
                let answer = server.get(&format!("{list}?{query}"));
                assert_eq!(answer.status, 422, "{list}?{query}: {}", answer.text());
                let error = &answer.json()["errors"][0];
                let named = error["path"].as_str().unwrap();
                assert_eq!(named.trim_end_matches("[0]"), path, "{list}?{query}: {error}");
                assert!(error["message"].as_str().unwrap().contains(accepted), "{query}: {error}");
            }
        }
        let many: Vec<String> = (0..101).map(|id| format!("device={id}")).collect();
        assert_eq!(server.get(&format!("/api/benchmarks?{}", many.join("&"))).paths(), ["device"]);
    });
}
