//! READ_ACCESS: who may read, and what is hidden from the public.

use serde_json::Value;
use server::config::Settings;

use crate::common::{Answer, Request, Server};
use crate::engines::on_both_engines_with;
use crate::reports::submit;

/// Every field that a report can have.
const FULL: &str = include_str!("../../../../report/tests/golden/full.json");

const DATA: [&str; 9] = [
    "/api/stats",
    "/api/devices",
    "/api/devices/1",
    "/api/devices/1/benchmarks",
    "/api/devices/1/snapshots",
    "/api/benchmarks",
    "/api/benchmarks/1",
    "/api/snapshots/1",
    "/api/benchmarks/1/raw",
];
const PAGES: [&str; 3] = ["/", "/d/1", "/devices/1-full-house"];

fn access(name: &str) -> impl Fn(Settings) -> Settings {
    move |settings| Settings { read_access: Some(name.to_owned()), ..settings }
}

fn with_token(server: &Server, path: &str) -> Answer {
    server.send(&Request::new("GET", path).token())
}

/// What only the holder of the token may see of the full report.
fn secrets() -> Vec<String> {
    fn collect(value: &Value, name: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(value, name, found)),
            Value::Array(items) => items.iter().for_each(|item| collect(item, name, found)),
            Value::String(text) => {
                let secret = name.contains("serial")
                    || ["mac", "mac_hash", "mac_hashes", "ip", "cmdline", "server"].contains(&name)
                    || name.ends_with("_hash");
                if secret {
                    found.push(text.clone());
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&serde_json::from_str(FULL).unwrap(), "", &mut found);
    // Too short to be told from other text: they are looked for as whole JSON texts.
    found.into_iter().map(|secret| if secret.len() < 5 { format!("\"{secret}\"") } else { secret }).collect()
}

#[test]
fn the_public_sees_no_serials_no_addresses_and_no_raw_reports() {
    let secrets = secrets();
    assert!(secrets.len() > 10, "{secrets:?}");
    on_both_engines_with(access("public"), |server| {
        submit(server, &serde_json::from_str(FULL).unwrap());
        for path in DATA.iter().chain(&PAGES).filter(|path| **path != "/api/benchmarks/1/raw") {
            let answer = server.get(path);
            assert!(answer.status < 400, "{path}: {}", answer.text());
            for secret in &secrets {
                assert!(!answer.text().contains(secret.as_str()), "{path} shows {secret}");
            }
        }
        let raw = server.get("/api/benchmarks/1/raw");
        assert_eq!((raw.status, raw.problem().as_str()), (403, "forbidden"));
    });
}

#[test]
fn the_holder_of_the_token_sees_everything_all_the_same() {
    on_both_engines_with(access("public"), |server| {
        submit(server, &serde_json::from_str(FULL).unwrap());
        assert_eq!(with_token(server, "/api/benchmarks/1/raw").status, 200);
        for path in ["/api/benchmarks/1", "/api/snapshots/1", "/devices/1-full-house"] {
            assert!(with_token(server, path).text().contains("3c:7c:3f:00:00:01"), "{path}");
        }
    });
}

#[test]
fn reading_can_need_the_token() {
    on_both_engines_with(access("token"), |server| {
        submit(server, &serde_json::from_str(FULL).unwrap());
        for path in DATA.iter().chain(&PAGES) {
            let refused = server.get(path);
            assert_eq!((refused.status, refused.problem().as_str()), (401, "unauthorized"), "{path}");
            assert!(with_token(server, path).status < 400, "{path}");
        }
        for path in ["/api/health", "/bench.sh"] {
            assert_eq!(server.get(path).status, 200, "{path}");
        }
    });
}

#[test]
fn a_browser_is_told_what_would_let_it_in() {
    let server = Server::with(|settings, _| access("token")(settings));
    for (language, word) in [("en", "Reading needs the token"), ("fr", "Il faut le jeton")] {
        let page = Request::new("GET", "/").header("Accept", "text/html").header("Accept-Language", language);
        let answer = server.send(&page);
        assert_eq!((answer.status, answer.header("content-type")), (401, Some("text/html; charset=utf-8")));
        assert!(answer.text().contains(word) && answer.text().contains("READ_ACCESS"), "{}", answer.text());
    }
}

#[test]
fn by_default_everything_is_open() {
    let server = Server::start();
    submit(&server, &serde_json::from_str(FULL).unwrap());
    for path in DATA.iter().chain(&PAGES) {
        assert!(server.get(path).status < 400, "{path}");
    }
    assert!(server.get("/api/snapshots/1").text().contains("S123X"));
}

#[test]
fn what_not_everybody_sees_stays_out_of_shared_caches() {
    let proxied = |settings: Settings| Settings {
        auth_header: Some("Remote-User".to_owned()),
        trusted_proxies: Some("127.0.0.1".to_owned()),
        ..settings
    };
    for change in [&access("public") as &dyn Fn(Settings) -> Settings, &access("token"), &proxied] {
        let server = Server::with(|settings, _| change(settings));
        submit(&server, &serde_json::from_str(FULL).unwrap());
        for path in DATA.iter().chain(&PAGES).chain(&["/api/export/devices.csv", "/api/devices/99"]) {
            for answer in [server.get(path), with_token(&server, path)] {
                let said = answer.header("cache-control").unwrap_or_default();
                assert!(said.contains("private") || said.contains("no-store"), "{path}: {}", answer.head);
            }
        }
        let tagged = with_token(&server, "/api/devices/1");
        assert_eq!(tagged.header("cache-control"), Some("private, no-cache"));
    }
}
