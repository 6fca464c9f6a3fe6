//! GET /api/stats.

use insta::assert_json_snapshot;

use crate::engines::on_both_engines;
use crate::reports::{desktop, old_client, read, submit, times};

#[test]
fn an_empty_server_has_no_median() {
    on_both_engines(|server| {
        assert_json_snapshot!(read(server, "/api/stats"), @r#"
        {
          "benchmarks": 0,
          "devices": 0,
          "last_benchmark": null,
          "score": {
            "median": null,
            "q1": null,
            "q3": null,
            "ranked": 0,
            "score_basis": "v0"
          },
          "snapshots": 0
        }
        "#);
    });
}

#[test]
fn quartiles_are_of_the_standings_of_ranked_devices() {
    on_both_engines(|server| {
        let at = "2024-03-01T12:00:00Z";
        for (name, factor) in [("a", 1.0), ("b", 4.0), ("c", 2.0)] {
            submit(server, &times(desktop(name, at), factor));
        }
        submit(server, &old_client("not-ranked", "2024-03-02T12:00:00Z", 5000.0));
        let mut older = times(desktop("a", "2024-02-01T12:00:00Z"), 9.0);
        older["note"] = "older evidence, no standing".into();
        submit(server, &older);
        let stats = read(server, "/api/stats");
        let score =
            |id| read(server, &format!("/api/devices/{id}"))["standing"]["global_score"].as_f64().unwrap();
        let (a, b, c) = (score(1), score(2), score(3));
        let near = |figure: &str, expected: f64| {
            let value = stats["score"][figure].as_f64().unwrap();
            assert!((value - expected).abs() < 1e-9, "{figure}: {value}, expected {expected}");
        };
        near("median", c);
        near("q1", (a + c) / 2.0);
        near("q3", (c + b) / 2.0);
        assert_eq!(stats["score"]["ranked"], 3);
        assert_json_snapshot!(stats, { ".score" => "[above]" }, @r#"
        {
          "benchmarks": 5,
          "devices": 4,
          "last_benchmark": {
            "coverage": 0.5,
            "device_id": 4,
            "device_name": "not-ranked",
            "effective_at": "2024-03-02T12:00:00.000Z",
            "excluded": false,
            "global_score": 5000.0,
            "id": 4,
            "verdict": "valid"
          },
          "score": "[above]",
          "snapshots": 4
        }
        "#);
    });
}
