//! Users whom a trusted proxy names.

use std::process::Command;

use server::config::Settings;

use super::bearing;
use crate::common::{Answer, Request, Server, TOKEN};
use crate::engines::on_both_engines_with;
use crate::process::{Process, run, stderr, with_token};
use crate::reports::{old_client, submit};

fn behind_a_proxy(settings: Settings) -> Settings {
    Settings {
        auth_header: Some("Remote-User".to_owned()),
        trusted_proxies: Some("127.0.0.1".to_owned()),
        read_access: Some("token".to_owned()),
        ..settings
    }
}

fn asks(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::new(method, path).header("Remote-User", "émile");
    server.send(&headers.iter().fold(request, |request, (name, value)| request.header(name, value)))
}

#[test]
fn a_user_may_read_and_write_and_is_named_in_the_changes() {
    on_both_engines_with(behind_a_proxy, |server| {
        submit(server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
        assert_eq!(server.get("/api/devices").status, 401);
        assert_eq!(asks(server, "GET", "/api/devices", &[]).status, 200);
        assert_eq!(asks(server, "GET", "/api/benchmarks/1/raw", &[]).status, 200);
        assert_eq!(asks(server, "GET", "/", &[]).status, 200);
        assert_eq!(asks(server, "DELETE", "/api/benchmarks/1", &[]).status, 204);
        let changes = asks(server, "GET", "/api/changes", &[]).json();
        assert_eq!(changes["items"][0]["who"], "émile");
        let refused = asks(server, "GET", "/api/tokens", &[]);
        assert_eq!((refused.status, refused.problem().as_str()), (403, "scope"));
    });
}

#[test]
fn a_page_of_another_site_changes_nothing_in_a_users_name() {
    let server = Server::with(|settings, _| Settings {
        cors_origins: Some("*".to_owned()),
        ..behind_a_proxy(settings)
    });
    submit(&server, &old_client("nas", "2024-03-01T12:00:00Z", 50.0));
    for headers in
        [&[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://x.example")][..], &[("Origin", "null")]]
    {
        let refused = asks(&server, "DELETE", "/api/benchmarks/1", headers);
        assert_eq!((refused.status, refused.problem().as_str()), (403, "cross_site"), "{headers:?}");
    }
    let own = format!("http://{}", server.address);
    assert_eq!(asks(&server, "DELETE", "/api/benchmarks/1", &[("Origin", &own)]).status, 204);
}

#[test]
fn what_is_no_name_or_two_is_nobody() {
    let server = Server::with(|settings, _| behind_a_proxy(settings));
    let long = "x".repeat(256);
    for name in ["", "  ", "\u{1}", &long] {
        let request = Request::new("GET", "/api/devices").header("Remote-User", name);
        assert!(matches!(server.send(&request).status, 400 | 401), "{name:?}");
    }
    assert_eq!(asks(&server, "GET", "/api/devices", &[("Remote-User", "root")]).status, 401);
    let both = Request::new("GET", "/api/tokens").header("Remote-User", "anna");
    assert_eq!(server.send(&bearing(both.clone(), TOKEN)).status, 200, "a token counts before a name");
    assert_eq!(server.send(&bearing(both, "a-guess")).status, 401);
}

#[test]
fn from_others_the_header_says_nothing_and_that_is_logged_once() {
    let folder = tempfile::tempdir().unwrap();
    let command: &mut Command = &mut with_token(folder.path());
    let server = Process::serve(
        command
            .env("AUTH_HEADER", "Remote-User")
            .env("TRUSTED_PROXIES", "192.0.2.1")
            .env("READ_ACCESS", "token"),
    );
    for _ in 0..3 {
        let request = Request::new("GET", "/api/devices").header("Remote-User", "admin");
        assert_eq!(server.send(&request).status, 401);
    }
    let said = server.stop();
    let warned = said.iter().filter(|line| line.contains("AUTH_HEADER") && line.contains("127.0.0.1"));
    assert_eq!(warned.count(), 1, "{said:#?}");
}

#[test]
fn nobody_can_be_trusted_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(with_token(folder.path()).env("AUTH_HEADER", "Remote-User"), &["serve"]);
    let said = stderr(&output);
    assert!(!output.status.success() && said.contains("TRUSTED_PROXIES is empty"), "{said}");
}
