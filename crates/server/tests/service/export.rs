//! Everything to take along, as JSON and as CSV.

use std::io::{Read, Write};

use serde_json::Value;
use server::config::{Secret, Settings};

use crate::common::{Answer, Request, Server};
use crate::engines::{PostgresDatabase, execute, execute_on_sqlite, on_both_engines};
use crate::reports::{desktop, old_client, read, submit};

/// Copies the first benchmark so often, each a minute older.
fn copies(count: u32, note: &str) -> String {
    format!(
        "insert into benchmarks (report_id, body_sha256, device_id, snapshot_id, effective_at, received_at, basis, coverage, \
         verdict, components_json, notes_json, readings_json, missing_json, note) \
         with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < {count}) \
         select 'copy ' || n, body_sha256, device_id, snapshot_id, effective_at - n * 60000, received_at, basis, coverage, \
         verdict, components_json, notes_json, readings_json, missing_json, '{note}' from benchmarks, numbers"
    )
}

fn export(server: &Server, file: &str) -> Answer {
    let answer = server.get(&format!("/api/export/{file}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let name = format!("attachment; filename=\"{file}\"");
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    answer
}

/// The cells of a CSV, which must be as RFC 4180 has it: every line of the same length, and ended by CR LF.
fn cells(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(answer.text().ends_with("\r\n"));
    let mut lines = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.body.as_slice());
    lines.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn column(cells: &[Vec<String>], name: &str) -> Vec<String> {
    let place = cells[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}"));
    cells[1..].iter().map(|line| line[place].clone()).collect()
}

#[test]
fn of_nothing_there_is_an_empty_array_and_a_line_of_names() {
    on_both_engines(|server| {
        let json = export(server, "benchmarks.json");
        assert_eq!(
            (json.header("content-type"), json.json()),
            (Some("application/json"), Value::Array(Vec::new()))
        );
        assert_eq!(cells(&export(server, "benchmarks.csv")).len(), 1);
        let answer = server.get("/api/export/benchmarks.csv?page=1");
        assert_eq!((answer.status, answer.paths()), (422, vec!["page".to_owned()]));
    });
}

#[test]
fn a_benchmark_is_a_line_with_versions_preset_and_address() {
    on_both_engines(|server| {
        let mut report = desktop("nas", "2024-03-01T12:00:00Z");
        report["label"] = "=HYPERLINK(\"http://x\"), \"really\"".into();
        report["note"] = "-5".into();
        submit(server, &report);
        submit(server, &old_client("old", "2024-03-01T11:00:00Z", 50.0));
        let sheet = cells(&export(server, "benchmarks.csv"));
        assert_eq!(column(&sheet, "id"), ["1", "2"]);
        assert_eq!(column(&sheet, "label")[0], "'=HYPERLINK(\"http://x\"), \"really\"");
        assert_eq!(column(&sheet, "note")[0], "-5");
        assert_eq!(column(&sheet, "bench_script_version")[0], "0.1.0");
        assert_eq!(column(&sheet, "score_basis"), ["v0", "client"]);
        assert_eq!(column(&sheet, "preset"), ["normal", ""]);
        assert_eq!(column(&sheet, "effective_at")[0], "2024-03-01T12:00:00.000Z");
        assert_eq!(column(&sheet, "device_url")[1], format!("http://{}/d/2", server.address));
        assert!(column(&sheet, "cpu_score")[0].parse::<f64>().unwrap() > 0.0);
        let json = export(server, "benchmarks.json").json();
        let listed = read(server, "/api/benchmarks?page_size=1");
        for (name, value) in listed["items"][0].as_object().unwrap() {
            assert_eq!(&json[0][name], value, "{name}");
        }
        assert_eq!(json[0]["device_url"], format!("http://{}/d/1", server.address));
    });
}

/// The ids of both forms.
fn whole(server: &Server, count: usize) {
    let expected: Vec<String> = (1..=count).map(|id| id.to_string()).collect();
    assert_eq!(column(&cells(&export(server, "benchmarks.csv")), "id"), expected);
    let json = export(server, "benchmarks.json").json();
    let ids: Vec<String> = json.as_array().unwrap().iter().map(|item| item["id"].to_string()).collect();
    assert_eq!(ids, expected);
}

#[test]
fn pages_follow_each_other_without_gap_or_seam() {
    let fill = |server: &Server, run: &dyn Fn(String)| {
        submit(server, &old_client("desk", "2024-03-01T12:00:00Z", 50.0));
        run(copies(199, "x"));
        whole(server, 200);
        run("update benchmarks set report_id = 'first ' || report_id".to_owned());
        run(copies(1, "y")
            .replace("from benchmarks, numbers", "from benchmarks, numbers where benchmarks.id = 1"));
        whole(server, 201);
    };
    let server = Server::start();
    fill(&server, &|sql| execute_on_sqlite(&server, sql));
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| Settings { database_url: url, ..settings });
    fill(&server, &|sql| execute(&database.url, sql));
}

#[test]
fn a_database_that_goes_away_cuts_the_answer_off() {
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| Settings { database_url: url, ..settings });
    submit(&server, &old_client("desk", "2024-03-01T12:00:00Z", 50.0));
    // More than what lies in sockets while nobody reads.
    execute(&database.url, copies(4_000, &"n".repeat(20_000)));
    let mut stream = server.connect();
    stream.write_all(&Request::new("GET", "/api/export/benchmarks.json").bytes(server.address)).unwrap();
    let mut piece = vec![0; 1_000];
    stream.read_exact(&mut piece).unwrap();
    assert!(piece.starts_with(b"HTTP/1.1 200 "));
    database.take_away();
    let mut rest = Vec::new();
    // Cut off: an error, or an end without the last, empty chunk.
    if stream.read_to_end(&mut rest).is_ok() {
        assert!(!rest.ends_with(b"0\r\n\r\n"));
    }
    assert!(rest.len() < 80_000_000, "{}", rest.len());
    for file in ["benchmarks.json", "benchmarks.csv"] {
        let answer = server.get(&format!("/api/export/{file}"));
        assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"));
    }
}

/// What people typed of the first device.
const TYPED: &str = r#"update devices set typed_json = '{"name": "=cmd", "tags": ["a", "b"], "price": 12.5, "owner": "me",
    "notes": "two\nlines", "custom": {"rack": "-7", "unit": "@3"}}', name = '=cmd' where id = 1"#;

#[test]
fn a_device_is_a_line_with_what_people_typed_and_what_counts() {
    let check = |server: &Server, run: &dyn Fn(String)| {
        submit(server, &desktop("nas", "2024-03-01T12:00:00Z"));
        submit(server, &old_client("old", "2024-03-01T11:00:00Z", 50.0));
        run(TYPED.to_owned());
        let public = cells(&export(server, "devices.csv"));
        let hidden = |name: &String| {
            name.starts_with("custom") || ["owner", "notes", "price", "external_id"].contains(&name.as_str())
        };
        assert!(!public[0].iter().any(hidden), "{:?}", public[0]);
        let csv = server.send(&Request::new("GET", "/api/export/devices.csv").token());
        let sheet = cells(&csv);
        for (name, expected) in [
            ("id", ["1", "2"]),
            ("device_identifier", ["nas", "old"]),
            ("name", ["'=cmd", ""]),
            ("tags", ["a, b", ""]),
            ("price", ["12.5", ""]),
            ("notes", ["two\nlines", ""]),
            ("custom.rack", ["-7", ""]),
            ("custom.unit", ["'@3", ""]),
            ("kind", ["", ""]),
            ("effective_name", ["'=cmd", "old"]),
            ("effective_kind", ["bare_metal", "bare_metal"]),
            ("effective_status", ["in_use", "in_use"]),
            ("score_basis", ["v0", "client"]),
            ("ranked", ["true", "false"]),
            ("benchmark_count", ["1", "1"]),
        ] {
            assert_eq!(column(&sheet, name), expected, "{name}");
        }
        assert_eq!(column(&sheet, "device_url")[0], format!("http://{}/d/1", server.address));
        let json = server.send(&Request::new("GET", "/api/export/devices.json").token()).json();
        for (name, value) in read(server, "/api/devices/2").as_object().unwrap() {
            assert!(name == "siblings" || &json[1][name] == value, "{name}");
        }
        assert_eq!(json[0]["typed"]["custom"]["rack"], "-7");
        assert_eq!(export(server, "devices.json").json()[0]["owner"], Value::Null);
    };
    let public = |settings: Settings| Settings { read_access: Some("public".to_owned()), ..settings };
    let server = Server::with(|settings, _| public(settings));
    check(&server, &|sql| execute_on_sqlite(&server, sql));
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| public(Settings { database_url: url, ..settings }));
    check(&server, &|sql| execute(&database.url, sql));
}
