//! Pages of other sites, in whose name a browser asks.

use server::config::Settings;

use crate::common::{Answer, Request, Server};

const GRAFANA: &str = "https://grafana.example.org";

fn with_origins(origins: &str) -> Server {
    Server::with(|settings, _| Settings { cors_origins: Some(origins.to_owned()), ..settings })
}

fn preflight(server: &Server, origin: &str) -> Answer {
    let request = Request::new("OPTIONS", "/api/benchmark")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type");
    server.send(&request)
}

fn post(server: &Server, headers: &[(&str, &str)]) -> Answer {
    let report = Request::report(r#"{"device_identifier":"a"}"#);
    server.send(&headers.iter().fold(report, |request, (name, value)| request.header(name, value)))
}

#[test]
fn other_sites_are_shut_out_by_default() {
    let server = Server::start();
    let refused = preflight(&server, GRAFANA);
    assert_eq!((refused.status, refused.problem().as_str()), (405, "method_not_allowed"));
    let read = server.send(&Request::new("GET", "/api/devices").header("Origin", GRAFANA));
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, None));
    for headers in [
        &[("Sec-Fetch-Site", "cross-site")][..],
        &[("Sec-Fetch-Site", "same-site"), ("Origin", GRAFANA)],
        &[("Origin", GRAFANA)],
        &[("Origin", "null")],
    ] {
        let answer = post(&server, headers);
        assert_eq!((answer.status, answer.problem().as_str()), (403, "cross_site"), "{headers:?}");
    }
    let own = format!("http://{}", server.address);
    for headers in [&[("Sec-Fetch-Site", "same-origin")][..], &[("Origin", &own)], &[]] {
        assert_eq!(post(&server, headers).status, 200, "{headers:?}");
    }
}

#[test]
fn a_listed_site_may_speak_to_the_api() {
    let server = with_origins("https://other.example, https://grafana.example.org");
    let allowed = preflight(&server, GRAFANA);
    assert_eq!(allowed.status, 200, "{}", allowed.head);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(GRAFANA));
    assert!(allowed.header("access-control-allow-methods").unwrap().contains("POST"));
    assert!(allowed.header("access-control-allow-headers").unwrap().contains("authorization"));
    assert_eq!(allowed.header("access-control-allow-credentials"), None);
    assert!(allowed.header("x-request-id").is_some());
    let answer = post(&server, &[("Sec-Fetch-Site", "cross-site"), ("Origin", GRAFANA)]);
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(GRAFANA)));
    let shown = answer.header("access-control-expose-headers").unwrap();
    for name in
        ["x-request-id", "etag", "link", "location", "retry-after", "content-disposition", "content-range"]
    {
        assert!(shown.contains(name), "{shown}");
    }
    let other = "https://evil.example.com";
    assert_eq!(preflight(&server, other).header("access-control-allow-origin"), None);
    assert_eq!(post(&server, &[("Origin", other)]).status, 403);
}

#[test]
fn a_star_lets_any_site_in_with_a_token() {
    let server = with_origins("*");
    assert_eq!(preflight(&server, GRAFANA).header("access-control-allow-origin"), Some("*"));
    assert_eq!(post(&server, &[("Sec-Fetch-Site", "cross-site"), ("Origin", GRAFANA)]).status, 200);
    let without = Request::new("POST", "/api/benchmark").header("Origin", GRAFANA);
    let refused = server.send(&without);
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some("*")));
}

#[test]
fn every_answer_carries_the_headers_that_owasp_asks_for() {
    let server = Server::start();
    for path in ["/", "/api/devices", "/api/nothing", "/bench.sh", "/openapi.json"] {
        let answer = server.get(path);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("permissions-policy").is_some(), path == "/", "{path}");
        assert_eq!(answer.header("server"), None, "{path}");
    }
}
