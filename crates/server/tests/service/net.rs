//! The network test over HTTP: one at a time, and no more than it may move.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::common::{Answer, Request, Server};

const MAX_BYTES: u64 = 250_000_000;

fn take(server: &Server) -> Answer {
    server.send(&Request::new("POST", "/api/net/v1/slot").token())
}

fn slot(server: &Server) -> String {
    let answer = take(server);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["slot"].as_str().unwrap().to_owned()
}

fn within(slot: &str, method: &str, path: &str) -> Request {
    Request::new(method, &format!("/api/net/v1/{path}")).token().header("X-Net-Slot", slot)
}

#[test]
fn a_whole_test_goes_through() {
    let server = Server::start();
    let granted = take(&server).json();
    assert_eq!(granted["max_bytes"], MAX_BYTES);
    assert!(granted["expires_in_ms"].as_u64().unwrap() > 0);
    assert_eq!((granted["client_address"].as_str(), granted["server_address"].as_str()), {
        (Some("127.0.0.1"), Some("127.0.0.1"))
    });
    let slot = granted["slot"].as_str().unwrap();
    let ping = server.send(&within(slot, "GET", "ping"));
    assert_eq!((ping.status, ping.body.len()), (204, 0));
    let sent = server.send(&within(slot, "POST", "upload").body(vec![0; 6_000_000]));
    assert_eq!((sent.status, sent.json()), (200, serde_json::json!({"bytes": 6_000_000})), "{}", sent.text());
    let download = server.send(&within(slot, "GET", "download?bytes=3000000"));
    assert_eq!((download.status, download.body.len()), (200, 3_000_000));
    assert_eq!(server.send(&within(slot, "DELETE", "slot")).status, 204);
    assert_eq!(take(&server).status, 200, "the place is free again");
}

#[test]
fn what_is_downloaded_is_not_compressed_and_cannot_be() {
    let server = Server::start();
    let slot = slot(&server);
    let request = within(&slot, "GET", "download?bytes=2000000").header("Accept-Encoding", "gzip, zstd, br");
    let answer = server.send(&request);
    assert_eq!((answer.header("content-encoding"), answer.header("content-length")), (None, Some("2000000")));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&answer.body).unwrap();
    assert!(encoder.finish().unwrap().len() > 1_980_000);
}

#[test]
fn a_second_client_waits() {
    let server = Server::start();
    let first = slot(&server);
    let second = take(&server);
    assert_eq!((second.status, second.problem().as_str()), (429, "slot_taken"));
    let wait: u64 = second.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    assert_eq!(server.send(&within(&first, "GET", "ping")).status, 204, "the first goes on");
}

#[test]
fn nobody_moves_more_than_the_cap() {
    let server = Server::start();
    let slot = slot(&server);
    for path in ["download?bytes=250000001", "download?bytes=18446744073709551615"] {
        let answer = server.send(&within(&slot, "GET", path));
        assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"), "{path}");
    }
    let announced = within(&slot, "POST", "upload").header("Content-Length", "250000001");
    assert_eq!(server.send(&announced).status, 413);
    // What was refused was not moved: the whole allowance is still there.
    assert_eq!(server.send(&within(&slot, "GET", "download?bytes=250000000")).body.len() as u64, MAX_BYTES);
    let chunk = within(&slot, "POST", "upload").header("Transfer-Encoding", "chunked");
    let mut stream = server.connect();
    stream.write_all(&chunk.bytes(server.address)).unwrap();
    stream.write_all(b"1\r\nx\r\n").unwrap();
    let answer = Answer::read(&mut stream);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"));
}

#[test]
fn a_slot_that_is_not_running_is_409() {
    let server = Server::start();
    let given_back = slot(&server);
    assert_eq!(server.send(&within(&given_back, "DELETE", "slot")).status, 204);
    for id in [given_back.as_str(), "", "made-up"] {
        for (method, path) in
            [("GET", "ping"), ("GET", "download?bytes=1"), ("POST", "upload"), ("DELETE", "slot")]
        {
            let answer = server.send(&within(id, method, path));
            assert_eq!((answer.status, answer.problem().as_str()), (409, "slot_expired"), "{method} {path}");
        }
    }
}

#[test]
fn an_amount_that_is_none_is_422() {
    let server = Server::start();
    let slot = slot(&server);
    for query in ["", "?bytes=", "?bytes=-1", "?bytes=1e6", "?bytes=x"] {
        let answer = server.send(&within(&slot, "GET", &format!("download{query}")));
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{query}");
        assert_eq!(answer.paths(), ["bytes"], "{query}: {}", answer.text());
    }
}

#[test]
fn a_request_without_a_slot_is_422() {
    let server = Server::start();
    for (method, path) in
        [("GET", "ping"), ("GET", "download?bytes=1"), ("POST", "upload"), ("DELETE", "slot")]
    {
        let answer = server.send(&Request::new(method, &format!("/api/net/v1/{path}")).token());
        assert_eq!((answer.status, answer.paths()), (422, vec!["X-Net-Slot".to_owned()]), "{method} {path}");
    }
}
