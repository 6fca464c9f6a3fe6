//! Guessing tokens is slow, and locks nobody else out.

use server::config::Settings;

use super::bearing;
use crate::common::{Request, Server, TOKEN};

fn config() -> Request {
    Request::new("GET", "/api/agent/config")
}

/// Sends wrong tokens until the server asks to wait.
fn guess(server: &Server, request: &Request) -> crate::common::Answer {
    for _ in 0..100 {
        let answer = server.send(&bearing(request.clone(), "a-guess"));
        if answer.status != 401 {
            return answer;
        }
    }
    panic!("a hundred guesses were answered");
}

#[test]
fn wrong_tokens_have_to_wait_and_none_never_has() {
    let server = Server::start();
    for _ in 0..30 {
        assert_eq!(server.send(&config()).status, 401);
        assert_eq!(server.send(&config().header("Authorization", "Basic dTpw")).status, 401);
    }
    assert_eq!(server.send(&config().token()).status, 200);
    let refused = guess(&server, &config());
    assert_eq!((refused.status, refused.problem().as_str()), (429, "too_many_wrong_tokens"));
    let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    assert_eq!(server.send(&config()).status, 401, "who guesses nothing is not made to wait");
    assert_eq!(server.send(&config().token()).status, 200, "a token that was right from here still is");
    let new = super::of_scope(&server, "submit");
    assert_eq!(server.send(&bearing(config(), &new)).status, 429, "a guess is not told right");
}

#[test]
fn what_needs_no_token_is_open_to_those_who_wait() {
    let server = Server::start();
    guess(&server, &config());
    for path in ["/api/health", "/api/devices", "/", "/bench.sh"] {
        assert_eq!(server.send(&bearing(Request::new("GET", path), "a-guess")).status, 200, "{path}");
    }
}

#[test]
fn pages_for_the_public_are_no_oracle() {
    let server = Server::with(|settings, _| Settings { read_access: Some("public".to_owned()), ..settings });
    let page = |token| server.send(&bearing(Request::new("GET", "/api/devices"), token)).status;
    assert_eq!(page("a-guess"), 401);
    guess(&server, &config());
    assert_eq!((page("a-guess"), page(TOKEN)), (429, 429));
    assert_eq!(server.get("/api/devices").status, 200);
}

#[test]
fn a_reader_with_a_wrong_token_is_told_so_and_one_without_is_not() {
    let server = Server::with(|settings, _| Settings { read_access: Some("public".to_owned()), ..settings });
    let expired = super::make(&server, &serde_json::json!({ "name": "old", "scope": "admin" }));
    let revoke = Request::new("DELETE", &format!("/api/tokens/{}", expired.0["id"])).token();
    assert_eq!(server.send(&revoke).status, 204);
    for path in ["/api/devices", "/api/stats", "/api/export/devices.json", "/"] {
        let read = |authorization: &str| {
            let request = Request::new("GET", path).header("Authorization", authorization);
            server.send(&request).status
        };
        assert_eq!(read(&format!("Bearer {}", expired.1)), 401, "{path}");
        assert_eq!((read("Bearer"), read("bearer ")), (401, 401), "{path}");
        assert_eq!(read("Basic dTpw"), 200, "{path}: of a proxy, and no token");
        assert_eq!(server.get(path).status, 200, "{path}");
        let twice = Request::new("GET", path).token().token();
        assert_eq!(server.send(&twice).status, 401, "{path}");
    }
}

#[test]
fn behind_a_proxy_each_client_is_counted_apart() {
    let proxied =
        Server::with(|settings, _| Settings { trusted_proxies: Some("127.0.0.1".to_owned()), ..settings });
    let of = |client: &str| config().header("X-Forwarded-For", client);
    assert_eq!(guess(&proxied, &of("192.0.2.1")).status, 429);
    assert_eq!(proxied.send(&bearing(of("192.0.2.2"), "a-guess")).status, 401);
    assert_eq!(guess(&proxied, &of("2001:db8::1")).status, 429);
    assert_eq!(proxied.send(&bearing(of("2001:db8::ffff:1"), "a-guess")).status, 429, "the same network");
    let direct = Server::start();
    guess(&direct, &of("192.0.2.1"));
    assert_eq!(
        direct.send(&bearing(of("192.0.2.2"), "a-guess")).status,
        429,
        "anybody can write that header"
    );
}
