//! The document that describes the API says what the service does.

use std::path::Path;

use serde_json::Value;

use crate::common::{Request, Server};

pub(crate) const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

pub(crate) fn document(server: &Server) -> Value {
    let answer = server.get("/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    answer.json()
}

/// Every operation: its method, its path with ids filled in, and what the document says of it.
pub(crate) fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                all.push((method.to_uppercase(), path.replace("{id}", "1"), operation.clone()));
            }
        }
    }
    all
}

/// Every `$ref` below a value.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("$ref", Value::String(target)) => found.push(target.clone()),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The file that is built in. `UPDATE_OPENAPI=1 cargo nextest run -p benchtools-server openapi` writes it anew.
#[test]
fn it_is_what_the_handlers_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut said = server::description().to_pretty_json().unwrap();
    said.push('\n');
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &said).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept == said, "crates/server/openapi.json is out of date: run this test with UPDATE_OPENAPI=1");
}

#[test]
fn it_is_whole() {
    let document = document(&Server::start());
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = Vec::new();
    references(&document, &mut found);
    for target in &found {
        let place = target.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{target} leads nowhere");
    }
    assert!(found.len() > 100);
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (method, path, operation) in operations(&document) {
        let tag = operation["tags"][0].as_str();
        assert!(tag.is_some_and(|tag| tags.contains(&tag)), "{method} {path}: {tag:?} is no chapter");
    }
    let mut ids: Vec<_> =
        operations(&document).into_iter().map(|(_, _, o)| o["operationId"].to_string()).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "every operation has an id of its own");
}

/// The contents that a part of an operation has, which are not plain bytes.
fn contents(part: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let told =
        |kind: &str| kind.contains("json") || kind.starts_with("text/") || kind.starts_with("multipart/");
    part["content"].as_object().into_iter().flatten().filter(move |(kind, _)| told(kind))
}

#[test]
fn every_operation_has_examples() {
    let document = document(&Server::start());
    let mut missing = Vec::new();
    let mut found = 0;
    for (_, _, operation) in operations(&document) {
        let good = |(status, answer): (&String, &Value)| status.starts_with('2').then(|| answer.clone());
        let answers = operation["responses"].as_object().unwrap().iter().filter_map(good);
        for part in answers.chain([operation["requestBody"].clone()]) {
            for (kind, content) in contents(&part) {
                let example = content.get("example");
                found += usize::from(example.is_some());
                if example.is_none() {
                    missing.push(format!("{}: {kind}", operation["operationId"]));
                }
            }
        }
    }
    assert!(missing.is_empty(), "without an example in api/examples.json: {missing:#?}");
    assert!(found > 60, "{found}");
}

#[test]
fn every_example_belongs_to_an_operation() {
    let examples: Value = serde_json::from_str(include_str!("../../src/api/examples.json")).unwrap();
    let document = document(&Server::start());
    let operations = operations(&document);
    for (id, parts) in examples.as_object().unwrap() {
        let operation = operations.iter().find(|(_, _, operation)| operation["operationId"] == **id);
        let (_, _, operation) = operation.unwrap_or_else(|| panic!("{id} is no operation"));
        for part in parts.as_object().unwrap().keys() {
            let place =
                if part == "request" { &operation["requestBody"] } else { &operation["responses"][part] };
            assert!(contents(place).next().is_some(), "{id} has no {part}");
        }
    }
}

#[test]
fn every_operation_answers_only_as_it_says() {
    let server = Server::start();
    let document = document(&server);
    let operations = operations(&document);
    assert!(operations.len() >= 17, "{}", operations.len());
    for (method, path, operation) in operations {
        let needs_token =
            operation["security"].as_array().unwrap().iter().all(|way| way.get("token").is_some())
                && !operation["security"].as_array().unwrap().is_empty();
        let responses = operation["responses"].as_object().unwrap();
        let without = server.send(&Request::new(&method, &path));
        assert_eq!(without.status == 401, needs_token, "{method} {path}: {}", without.status);
        let with = server.send(&Request::new(&method, &path).token().header("Content-Length", "0"));
        for answer in [&without, &with] {
            assert!(responses.contains_key(&answer.status.to_string()), "{method} {path}: {}", answer.status);
        }
        assert!(with.status != 401 && with.status < 500, "{method} {path}: {}", with.status);
    }
}

#[test]
fn a_stored_benchmark_has_the_fields_that_are_described() {
    let server = Server::start();
    let report = include_bytes!("../../../report/tests/golden/full.json").to_vec();
    let stored = server.send(&Request::report(report));
    assert_eq!(stored.status, 200, "{}", stored.text());
    let document = document(&server);
    for (path, schema) in [
        ("/api/devices/1", "Device"),
        ("/api/benchmarks/1", "Benchmark"),
        ("/api/snapshots/1", "Snapshot"),
        ("/api/stats", "Stats"),
        ("/api/health", "Health"),
    ] {
        let answer = server.get(path).json();
        let described = &document["components"]["schemas"][schema];
        let properties = described["properties"].as_object().unwrap();
        for name in described["required"].as_array().unwrap() {
            assert!(answer.get(name.as_str().unwrap()).is_some(), "{path} has no {name}");
        }
        if !matches!(schema, "Benchmark" | "Snapshot") {
            for name in answer.as_object().unwrap().keys() {
                assert!(properties.contains_key(name), "{path}: {name} is not described");
            }
        }
    }
}

#[test]
fn its_page_for_people_comes_whole_from_this_server() {
    let server = Server::start();
    let page = server.get("/docs");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let loaded: Vec<&str> =
        page.text().split('"').filter(|text| text.ends_with(".js") || text.ends_with(".css")).collect();
    assert_eq!(loaded.len(), 3);
    for path in loaded {
        let packed = server.send(&Request::new("GET", path).header("Accept-Encoding", "gzip"));
        let plain = server.get(path);
        assert_eq!(
            (packed.status, plain.status, plain.header("content-encoding")),
            (200, 200, None),
            "{path}"
        );
        if packed.header("content-encoding") == Some("gzip") {
            assert!(packed.body.len() * 3 < plain.body.len(), "{path}");
        }
        assert_eq!(packed.header("content-type"), plain.header("content-type"));
        assert!(!plain.body.is_empty());
    }
    assert_eq!(server.get("/docs/1.0.0/swagger-ui.css").status, 404);
}
