//! What the operator reads: one line a request, in either form, and no secrets.

use serde_json::Value;

use crate::common::{Request, TOKEN};
use crate::process::{Process, program, with_token};

/// Everything that a client could hand in that is nobody's business.
fn visit(server: &Process) -> Vec<String> {
    let report = r#"{"device_identifier":"a","note":"note-secret"}"#;
    let requests = [
        Request::new("GET", "/api/health?token=query-secret"),
        Request::report(report),
        Request::report(report.replace("a", "\\u00")),
        Request::new("GET", "/api/agent/config").token(),
        Request::new("GET", "/api/agent/config").header("Authorization", "Bearer guessed-secret"),
        Request::new("GET", "/nowhere").header("Cookie", "session=cookie-secret"),
    ];
    let ids = requests.map(|request| server.send(&request).header("x-request-id").unwrap().to_owned());
    ids.into()
}

#[test]
fn text_has_one_line_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let ids = visit(&server);
    let said = server.stop();
    assert!(said[0].contains("listening") && said[0].contains("database=sqlite:///./data.db"), "{said:#?}");
    for (id, expected) in ids.iter().zip([
        "method=GET path=\"/api/health\" status=200",
        "method=POST path=\"/api/benchmark\" status=200",
        "method=POST path=\"/api/benchmark\" status=400",
        "method=GET path=\"/api/agent/config\" status=200",
        "method=GET path=\"/api/agent/config\" status=401",
        "method=GET path=\"/nowhere\" status=404",
    ]) {
        let of_it: Vec<&String> = said.iter().filter(|line| line.contains(id.as_str())).collect();
        assert_eq!(of_it.len(), 1, "{id}: {said:#?}");
        assert!(of_it[0].contains(expected) && of_it[0].contains("duration_ms="), "{expected}: {}", of_it[0]);
    }
    assert!(said.iter().all(|line| !line.contains('\x1b')), "no colours in a pipe: {said:#?}");
    let foreign: Vec<&String> =
        said.iter().filter(|line| line.contains("serving") || line.contains("sqlx")).collect();
    assert!(foreign.is_empty(), "only our own lines: {foreign:#?}");
}

#[test]
fn json_is_one_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(with_token(folder.path()).env("LOG_FORMAT", "json"));
    let ids = visit(&server);
    let said = server.stop();
    let lines: Vec<Value> = said.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"].is_string()), "{said:#?}");
    for (id, (status, message)) in ids.iter().zip([
        (200, "answered"),
        (200, "answered"),
        (400, "refused"),
        (200, "answered"),
        (401, "refused"),
        (404, "refused"),
    ]) {
        let line =
            lines.iter().find(|line| line["request_id"] == **id).unwrap_or_else(|| panic!("{id}: {said:#?}"));
        assert_eq!(
            (line["status"].as_u64(), line["message"].as_str()),
            (Some(status), Some(message)),
            "{line}"
        );
        assert!(
            line["duration_ms"].is_f64() && line["method"].is_string() && line["path"].is_string(),
            "{line}"
        );
        assert_eq!(line["client"], "127.0.0.1", "{line}");
    }
}

#[test]
fn no_secret_is_ever_written() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["text", "json"] {
        let command = &mut with_token(folder.path());
        let server = Process::serve(command.env("LOG_FORMAT", format).env("RUST_LOG", "trace"));
        let config = server.send(&Request::new("GET", "/api/agent/config").token()).json();
        visit(&server);
        let said = server.stop().join("\n");
        assert!(said.contains("/api/agent/config"), "all is logged: {said}");
        for secret in [TOKEN, "secret", config["fleet_key"].as_str().unwrap()] {
            assert!(!said.contains(secret), "{format}: {secret} in {said}");
        }
    }
}

#[test]
fn a_level_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = crate::process::run(program(folder.path()).env("RUST_LOG", "info,x=loud"), &["serve"]);
    let said = crate::process::stderr(&output);
    assert!(!output.status.success() && said.contains("RUST_LOG"), "{said}");
}
