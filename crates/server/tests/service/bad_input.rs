//! What a report gets that is none: the status, the place, and a sentence.

use serde_json::json;

use crate::common::{Answer, Request, Server, TOKEN};

/// A report on its way in, without the token.
fn bare(authorization: &[&str]) -> Request {
    let request = Request::new("POST", "/api/benchmark").header("Content-Type", "application/json");
    authorization.iter().fold(request, |request, value| request.header("Authorization", value))
}

/// The answer without the one thing that differs from request to request.
fn without_id(answer: &Answer) -> (String, String) {
    let id = answer.header("x-request-id").unwrap();
    let head = answer.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
    let head: Vec<String> = head.map(|line| line.replace(id, "ID")).collect();
    (head.join("\n"), answer.text().replace(id, "ID"))
}

#[test]
fn no_token_a_wrong_one_and_another_scheme_get_one_answer() {
    let server = Server::start();
    let none = server.send(&bare(&[]).body("{}"));
    assert_eq!((none.status, none.problem().as_str()), (401, "unauthorized"));
    assert!(none.header("www-authenticate").unwrap().starts_with("Bearer"), "{}", none.head);
    let right = format!("Bearer {TOKEN}");
    for values in [
        &["Bearer wrong"][..],
        &["Bearer"],
        &["Bearer "],
        &[""],
        &["Basic YTpi"],
        &[TOKEN],
        &[&format!("Token {TOKEN}")],
        &[&format!("Bearer {TOKEN}x")],
        &[&format!("Bearer {}", &TOKEN[1..])],
        &[&format!("Bearer {}", TOKEN.to_uppercase())],
        &[&right, &right],
        &["Bearer wrong", &right],
    ] {
        assert_eq!(without_id(&server.send(&bare(values).body("{}"))), without_id(&none), "{values:?}");
    }
}

#[test]
fn the_token_is_looked_at_before_anything_else() {
    let server = Server::start();
    let expected = without_id(&server.send(&bare(&[]).body("{}")));
    let unread = [
        bare(&[]).body("not JSON"),
        bare(&[]).header("Content-Encoding", "rar").body("{}"),
        Request::new("POST", "/api/benchmark").header("Content-Type", "text/plain").body("x"),
        Request::new("POST", "/api/benchmark").body(vec![b' '; 3_000_000]),
    ];
    for request in unread {
        assert_eq!(without_id(&server.send(&request)), expected, "{request:?}");
    }
    for (method, path) in
        [("GET", "/api/agent/config"), ("POST", "/api/net/v1/slot"), ("GET", "/api/net/v1/ping")]
    {
        let answer = server.send(&Request::new(method, path));
        assert_eq!((answer.status, answer.problem().as_str()), (401, "unauthorized"), "{path}");
    }
}

#[test]
fn the_scheme_is_a_word_in_any_case() {
    let server = Server::start();
    for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
        let answer = server.send(&bare(&[&format!("{scheme} {TOKEN}")]).body("{}"));
        assert_eq!(answer.status, 422, "{scheme}");
    }
}

#[test]
fn what_is_not_json_is_400_with_its_place() {
    let server = Server::start();
    for (body, line, column) in [
        (&b""[..], 1, 0),
        (b"hello", 1, 1),
        (b"{\"device_identifier\":\n  \"a\",}", 2, 7),
        (b"{\"results\":{\"cpu\":{\"score\":NaN}}}", 1, 28),
        (b"{\"results\":{\"cpu\":{\"score\":-Infinity}}}", 1, 29),
        (b"{\"device_identifier\":\"a\",\n\"results\":{\"cpu\":{\"score\":1e999}}}", 2, 31),
        (b"{\"device_identifier\":\"a\",\"unknown\":NaN}", 1, 36),
        (b"{\"device_identifier\":\"a\"", 1, 24),
        (b"{\"device_identifier\":\"\xff\"}", 1, 23),
        (b"{} {}", 1, 4),
    ] {
        let answer = server.send(&Request::report(body));
        assert_eq!((answer.status, answer.problem().as_str()), (400, "malformed_json"), "{}", answer.text());
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        let place = format!("at line {line} column {column}.");
        assert!(detail.ends_with(&place), "{}: {detail}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_field_that_does_not_fit_is_422_with_its_path() {
    let server = Server::start();
    let cpu = |cpu| json!({"device_identifier": "a", "results": {"cpu": cpu}});
    let named = |name: String| json!({"device_identifier": name});
    for (report, path) in [
        (json!({}), "device_identifier"),
        (json!({"device_identifier": null}), "device_identifier"),
        (json!([]), "$"),
        (json!("text"), "$"),
        (json!({"device_identifier": 7}), "device_identifier"),
        (named(String::new()), "device_identifier"),
        (named("n".repeat(10_000)), "device_identifier"),
        (named("a\0b".to_owned()), "device_identifier"),
        (json!({"device_identifier": "a", "label": "x\0"}), "label"),
        (json!({"device_identifier": "a", "note": "x".repeat(20_001)}), "note"),
        (json!({"device_identifier": "a", "report_id": "7"}), "report_id"),
        (cpu(json!({"score": -1})), "results.cpu.score"),
        (cpu(json!({"score": "fast"})), "results.cpu.score"),
        (cpu(json!([1])), "results.cpu"),
        (json!({"device_identifier": "a", "hardware": {"cpu": {"cores": 1.5}}}), "hardware.cpu.cores"),
        (json!({"device_identifier": "a", "hardware": {"ram": {"total_mb": -1}}}), "hardware.ram.total_mb"),
        (
            json!({"device_identifier": "a", "hardware": {"ram": {"layout": [{"slot": "A"}, {"size_mb": "x"}]}}}),
            "hardware.ram.layout[1].size_mb",
        ),
    ] {
        let answer = server.send(&Request::report(report.to_string()));
        let what = format!("{path}: {}", answer.text());
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{what}");
        assert_eq!(answer.paths(), [path], "{what}");
    }
}

#[test]
fn a_newer_schema_asks_the_agent_to_keep_the_report() {
    let server = Server::start();
    let answer = server.send(&Request::report(r#"{"device_identifier": 1, "schema_version": 2}"#));
    assert_eq!((answer.status, answer.problem().as_str()), (422, "schema_too_new"));
}

#[test]
fn only_json_is_taken() {
    let server = Server::start();
    let body = json!({"device_identifier": "a"}).to_string();
    let post = |kind: Option<&str>| {
        let request = Request::new("POST", "/api/benchmark").token().body(body.clone());
        server.send(&kind.into_iter().fold(request, |request, kind| request.header("Content-Type", kind)))
    };
    for kind in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let answer = post(kind);
        assert_eq!((answer.status, answer.problem().as_str()), (415, "unsupported_media_type"), "{kind:?}");
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.bench+json"] {
        assert_eq!(post(Some(kind)).status, 200, "{kind}");
    }
}

#[test]
fn any_score_and_any_new_field_is_welcome() {
    let server = Server::start();
    let report = json!({
        "device_identifier": "fast", "from_the_future": {"a": [1, {"b": null}]},
        "results": {"cpu": {"score": 50_000.0, "new": "x"}, "memory": {"score": 4}, "gpu": null},
    });
    let answer = server.send(&Request::report(report.to_string()));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let stored = answer.json();
    // Half of the weight was measured, three fifths of it by the processor.
    assert_eq!((stored["status"].as_str(), stored["coverage"].as_f64()), (Some("ok"), Some(0.5)));
    let score = stored["global_score"].as_f64().unwrap();
    assert!((score - (0.6 * 50_000.0 + 0.4 * 4.0)).abs() < 1e-6, "{score}");
}

#[test]
fn the_answer_says_where_the_device_stands() {
    let report = || Request::report(r#"{"device_identifier":"Büro 1/2"}"#);
    let url = |server: &Server, request: &Request| {
        let answer = server.send(request);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["url"].as_str().unwrap().to_owned()
    };
    let plain = Server::start();
    let first = url(&plain, &report());
    assert!(first.starts_with(&format!("http://{}/devices/1-b", plain.address)), "{first}");
    let path = first.strip_prefix(&format!("http://{}", plain.address)).unwrap();
    assert_eq!(plain.get(path).status, 200, "{path}");
    assert!(url(&plain, &report().host("bench.lan")).starts_with("http://bench.lan/devices/1-"));

    let public = Server::with(|mut settings, _| {
        settings.public_url = Some("https://bench.example.org".to_owned());
        settings.trusted_proxies = Some("127.0.0.1".to_owned());
        settings
    });
    let found = url(&public, &report().header("X-Forwarded-Host", "nas.lan"));
    assert!(found.starts_with("https://bench.example.org/devices/1-"), "{found}");
}

/// Whatever is wrong: the field is named, with what was expected and an example of it.
#[test]
fn every_refusal_says_what_was_expected() {
    let server = Server::start();
    let json = |method: &str, path: &str, body: &str| {
        Request::new(method, path).token().header("Content-Type", "application/json").body(body)
    };
    let get = |path: &str| Request::new("GET", path).token();
    assert_eq!(server.send(&json("POST", "/api/devices", "{\"name\": \"nas\"}")).status, 201);
    let laptop = "{\"name\": \"laptop\", \"scope\": \"submit\"}";
    assert_eq!(server.send(&json("POST", "/api/tokens", laptop)).status, 201);
    let report = |fields: &str| Request::report(format!("{{\"device_identifier\": \"nas\"{fields}}}"));
    let uuid = "such as 01990000-0000-7000-8000-000000000001";
    let time = "such as 2026-03-01T12:00:00Z";
    for (request, status, path, example) in [
        (report(", \"report_id\": \"abc\""), 422, "report_id", uuid),
        (Request::report("[]"), 422, "$", "an object: {…}"),
        (json("POST", "/api/devices", "[]"), 422, "$", "an object"),
        (get("/api/devices/nas"), 404, "id", "such as 7"),
        (get("/api/devices/99999999999999999999"), 404, "id", "such as 7"),
        (get("/api/snapshots/1/diff/x"), 404, "id", "such as 7"),
        (get("/api/benchmarks?device=abc"), 422, "device", "such as 7"),
        (
            get("/api/benchmarks?from=2026-01-01T00:00:00+02:00"),
            422,
            "from",
            "+ in an address is written %2B",
        ),
        (get("/api/benchmarks?from=yesterday"), 422, "from", time),
        (get("/api/benchmarks?to=9999-12-31"), 422, "to", time),
        (get("/api/benchmarks?excluded=maybe"), 422, "excluded", "\"false\""),
        (get("/api/devices?colour=red"), 422, "colour", "none of this name"),
        (get("/api/stats?colour=red"), 422, "colour", "none of this name"),
        (get("/api/devices?page=1&page=2"), 422, "page", "once"),
        (get("/api/docs/1/thumbnail?size=x"), 422, "size", "a whole number"),
        (report("").header("X-Sent-At", "soon"), 422, "X-Sent-At", time),
        (report("").header("X-Sent-At", ""), 422, "X-Sent-At", time),
        (json("POST", "/api/devices", "{\"name\": \"nas\"}"), 409, "device_identifier", "such as nas-2"),
        (json("POST", "/api/tokens", laptop), 409, "name", "such as laptop-2"),
    ] {
        let answer = server.send(&request);
        assert_eq!((answer.status, answer.paths()), (status, vec![path.to_owned()]), "{}", answer.text());
        let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("expected") && message.contains(example), "{path}: {message}");
    }
    for last in ["9999-12-31T00:00:00Z", "9999-12-31T23:59:59.999Z"] {
        assert_eq!(server.send(&get(&format!("/api/benchmarks?to={last}"))).status, 200, "{last}");
    }
}

#[test]
fn absurd_clocks_leave_no_absurd_times() {
    let server = Server::start();
    let sent = |started: &str, sent_at: &str, id: u32| {
        let body = format!(
            "{{\"device_identifier\": \"nas\", \"started_at\": \"{started}\", \
             \"report_id\": \"01990000-0000-7000-8000-{id:012}\"}}"
        );
        let stored = server.send(&Request::report(body).header("X-Sent-At", sent_at));
        assert_eq!(stored.status, 200, "{}", stored.text());
        let path = format!("/api/benchmarks/{}", stored.json()["benchmark_id"]);
        server.get(&path).json()["effective_at"].as_str().unwrap().to_owned()
    };
    assert_eq!(sent("2026-01-01T00:00:00Z", "9000-01-01T00:00:00Z", 1), "2026-01-01T00:00:00.000Z");
    for (number, (started, sent_at)) in [
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
        ("1970-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ]
    .into_iter()
    .enumerate()
    {
        let found = sent(started, sent_at, number as u32 + 2);
        assert!(found.as_str() > "2020" && found.as_str() < "9000", "{started} {sent_at}: {found}");
    }
}
