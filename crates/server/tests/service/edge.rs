//! What every request passes: Host, forwarding headers, ids, refusals, protecting headers.

use crate::common::{Request, Server};

#[test]
fn a_hostile_host_is_refused_and_not_repeated() {
    let server = Server::start();
    for path in ["/bench.sh", "/api/health", "/", "/agent/x/benchtools", "/nowhere"] {
        for host in
            ["evil.example.com", "$(reboot)", "a';reboot;'", "x/y", "nas:99999", "nas:80:80", "u@nas", "nas:"]
        {
            let answer = server.send(&Request::new("GET", path).host(host));
            assert!(matches!(answer.status, 400 | 421), "{path} {host}: {}", answer.head);
            assert!(
                !answer.text().contains("reboot") && !answer.text().contains("evil"),
                "{}",
                answer.text()
            );
        }
    }
    let answer = server.send(&Request::new("GET", "/api/health").host("evil.example.com"));
    assert_eq!((answer.status, answer.problem().as_str()), (421, "misdirected"));
}

#[test]
fn names_of_the_network_at_home_are_ours() {
    let server = Server::start();
    for host in ["localhost", "nas:8007", "nas.local", "192.168.1.9:8007", "[::1]:8007"] {
        assert_eq!(server.send(&Request::new("GET", "/api/health").host(host)).status, 200, "{host}");
    }
}

#[test]
fn the_host_in_the_request_line_counts_and_two_hosts_are_none() {
    let server = Server::start();
    let line = Request::new("GET", "http://evil.example.com/api/health");
    assert_eq!(server.send(&line).status, 421);
    let two = Request::new("GET", "/api/health").header("Host", "nas");
    assert_eq!((server.send(&two).status, server.send(&two).problem().as_str()), (400, "bad_host"));
}

#[test]
fn allowed_hosts_replace_the_names() {
    let server = Server::with(|mut settings, _| {
        settings.allowed_hosts = Some("bench.example.org".to_owned());
        settings
    });
    let status = |host| server.send(&Request::new("GET", "/api/health").host(host)).status;
    assert_eq!((status("bench.example.org"), status("nas"), status("127.0.0.1")), (200, 421, 200));
}

#[test]
fn forwarding_headers_count_from_trusted_proxies_only() {
    let forwarded = Request::new("GET", "/bench.sh")
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Host", "bench.lan")
        .header("X-Request-Id", "from-the-proxy");
    let plain = Server::start();
    let answer = plain.send(&forwarded);
    assert!(answer.text().contains(&format!("\nSERVER='http://{}'\n", plain.address)));
    assert_ne!(answer.header("x-request-id"), Some("from-the-proxy"));

    let proxied = Server::with(|mut settings, _| {
        settings.trusted_proxies = Some("127.0.0.0/8".to_owned());
        settings
    });
    let answer = proxied.send(&forwarded);
    assert!(answer.text().contains("\nSERVER='https://bench.lan'\n"));
    assert_eq!(answer.header("x-request-id"), Some("from-the-proxy"));
    let added = Request::new("GET", "/bench.sh")
        .header("X-Forwarded-Proto", "http")
        .header("X-Forwarded-Proto", "http, https")
        .header("X-Forwarded-Host", "evil.example.com, bench.lan");
    assert!(proxied.send(&added).text().contains("\nSERVER='https://bench.lan'\n"));
    let hostile = Request::new("GET", "/bench.sh").header("X-Forwarded-Host", "evil.example.com");
    assert_eq!(proxied.send(&hostile).status, 421);
    let odd = Request::new("GET", "/bench.sh").header("X-Request-Id", "a b<script>");
    assert_ne!(proxied.send(&odd).header("x-request-id"), Some("a b<script>"));
}

#[test]
fn the_public_url_is_what_links_say() {
    let server = Server::with(|mut settings, _| {
        settings.public_url = Some("https://bench.example.org/".to_owned());
        settings
    });
    for host in ["bench.example.org", "127.0.0.1"] {
        let answer = server.send(&Request::new("GET", "/bench.sh").host(host));
        assert!(answer.text().contains("\nSERVER='https://bench.example.org'\n"), "{}", answer.head);
    }
}

#[test]
fn what_is_not_there_is_a_problem() {
    let server = Server::start();
    let missing = server.get("/api/nothing");
    assert_eq!((missing.status, missing.problem().as_str()), (404, "not_found"));
    assert_eq!(missing.json()["instance"], "/api/nothing");
    let method = server.send(&Request::new("DELETE", "/api/health"));
    assert_eq!((method.status, method.problem().as_str()), (405, "method_not_allowed"));
    assert!(method.header("allow").unwrap().contains("GET"), "{}", method.head);
}

#[test]
fn a_page_that_cannot_be_is_not_there() {
    let server = Server::start();
    for path in ["/devices/%ff", "/d/x1y2", "/d/%ff", "/d/99999999999999999999"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.head);
        assert_ne!(answer.header("content-type"), Some("text/plain; charset=utf-8"), "{path}");
    }
}

#[test]
fn every_answer_carries_the_protecting_headers() {
    let server = Server::start();
    for path in ["/api/health", "/api/nothing", "/bench.sh"] {
        let answer = server.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"));
        assert!(answer.header("referrer-policy").is_some() && answer.header("x-request-id").is_some());
    }
}

#[test]
fn a_head_without_end_is_refused() {
    let server = Server::start();
    let answer = server.send(&Request::new("GET", "/api/health").header("X-Long", &"x".repeat(100_000)));
    assert_eq!(answer.status, 431);
}

#[test]
fn a_connection_carries_many_requests() {
    use std::io::Write;
    let server = Server::start();
    let mut stream = server.connect();
    for _ in 0..3 {
        stream.write_all(&Request::new("GET", "/api/health").bytes(server.address)).unwrap();
        assert_eq!(crate::common::Answer::read(&mut stream).status, 200);
    }
}
