//! Long lists, by page and by cursor.

use serde_json::Value;
use server::config::{Secret, Settings};

use crate::common::Server;
use crate::engines::{PostgresDatabase, execute, execute_on_sqlite, on_both_engines};
use crate::reports::{old_client, read, submit};

/// Seven benchmarks of seven devices; four of them were measured at the same moment.
fn fill(server: &Server) {
    for (name, hour) in [("a", 12), ("b", 11), ("c", 12), ("d", 13), ("e", 12), ("f", 12), ("g", 14)] {
        submit(server, &old_client(name, &format!("2024-03-01T{hour}:00:00Z"), 50.0));
    }
}

fn ids(list: &Value) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

/// The ids of every part, going from cursor to cursor.
fn walk(server: &Server, path: &str) -> Vec<Vec<i64>> {
    let mut part = read(server, &format!("{path}?page_size=3"));
    let mut parts = vec![ids(&part)];
    while let Some(cursor) = part["next_cursor"].as_str() {
        part = read(server, &format!("{path}?page_size=3&cursor={cursor}"));
        assert!(part.get("page").is_none() && part["total"] == 7, "{part}");
        parts.push(ids(&part));
    }
    parts
}

#[test]
fn cursors_lead_through_the_whole_list_once() {
    on_both_engines(|server| {
        fill(server);
        assert_eq!(walk(server, "/api/benchmarks"), [vec![7, 4, 6], vec![5, 3, 1], vec![2]]);
        assert_eq!(walk(server, "/api/devices"), [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
    });
}

#[test]
fn pages_are_the_same_parts_by_number() {
    on_both_engines(|server| {
        fill(server);
        let pages: Vec<Value> =
            (1..=4).map(|page| read(server, &format!("/api/benchmarks?page={page}&page_size=3"))).collect();
        let parts: Vec<_> = pages.iter().map(ids).collect();
        assert_eq!(parts, [vec![7, 4, 6], vec![5, 3, 1], vec![2], vec![]]);
        for (number, page) in (1..).zip(&pages) {
            assert_eq!(
                (&page["page"], &page["page_size"], &page["total"]),
                (&number.into(), &3.into(), &7.into())
            );
        }
        assert!(pages[1]["next_cursor"].is_string() && pages[2]["next_cursor"].is_null());
        assert_eq!(ids(&read(server, "/api/benchmarks?page=2147483647&page_size=500")), [0i64; 0]);
    });
}

#[test]
fn a_cursor_goes_on_where_it_was_though_newer_benchmarks_arrive() {
    on_both_engines(|server| {
        fill(server);
        let first = read(server, "/api/devices/1/benchmarks?page_size=1");
        assert!(first["next_cursor"].is_null());
        submit(server, &old_client("a", "2024-03-02T12:00:00Z", 50.0));
        let first = read(server, "/api/devices/1/benchmarks?page_size=1");
        submit(server, &old_client("a", "2024-03-03T12:00:00Z", 50.0));
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = read(server, &format!("/api/devices/1/benchmarks?page_size=1&cursor={cursor}"));
        assert_eq!((ids(&first), ids(&rest)), (vec![8], vec![1]));
    });
}

#[test]
fn names_of_any_script_survive_a_cursor() {
    on_both_engines(|server| {
        for name in ["é:1", "日本", "zebra", "Ω"] {
            submit(server, &old_client(name, "2024-03-01T12:00:00Z", 50.0));
        }
        let mut names = Vec::new();
        let mut query = String::new();
        loop {
            let part = read(server, &format!("/api/devices?page_size=1{query}"));
            names.push(part["items"][0]["name"].as_str().unwrap().to_owned());
            let Some(cursor) = part["next_cursor"].as_str() else { break };
            query = format!("&cursor={cursor}");
        }
        assert_eq!(names, ["é:1", "zebra", "Ω", "日本"]);
    });
}

/// Copies the first benchmark ten thousand times, each a minute older.
const TEN_THOUSAND_MORE: &str = "insert into benchmarks (report_id, body_sha256, device_id, snapshot_id, effective_at, \
     received_at, basis, coverage, verdict, components_json, notes_json, readings_json, missing_json) \
     with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 10000) \
     select 'copy ' || n, body_sha256, device_id, snapshot_id, effective_at - n * 60000, received_at, basis, coverage, \
     verdict, components_json, notes_json, readings_json, missing_json from benchmarks, numbers";

/// `more` adds ten thousand benchmarks to one.
fn counting_stops(server: &Server, more: impl Fn(String)) {
    submit(server, &old_client("desk", "2024-03-01T12:00:00Z", 50.0));
    assert_eq!(read(server, "/api/benchmarks")["total"], 1);
    more(TEN_THOUSAND_MORE.to_owned());
    for list in ["/api/benchmarks", "/api/devices/1/benchmarks"] {
        let last = read(server, &format!("{list}?page=21&page_size=500"));
        assert!(last.get("total").is_none() && last["total_at_least"] == 10_000, "{list}");
        assert_eq!((ids(&last).len(), &last["next_cursor"]), (1, &Value::Null), "{list}");
    }
}

#[test]
fn counting_stops_at_ten_thousand() {
    let server = Server::start();
    counting_stops(&server, |sql| execute_on_sqlite(&server, sql));
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| Settings { database_url: url, ..settings });
    counting_stops(&server, |sql| execute(&database.url, sql));
}
