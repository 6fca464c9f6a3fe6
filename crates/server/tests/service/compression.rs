//! What goes over the wire is small: gzip where it helps, and nothing where it does not.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::json;

use crate::common::{Answer, Request, Server};

/// What we promise for a first visit, and for the page alone, bytes.
const FIRST_LOAD: usize = 100 * 1024;
const PAGE_ALONE: usize = 60 * 1024;

fn get(server: &Server, path: &str, encodings: &str) -> Answer {
    let request = Request::new("GET", path).header("Accept", "text/html");
    server.send(&request.header("Accept-Encoding", encodings))
}

fn gunzip(answer: &Answer) -> String {
    assert_eq!(answer.header("content-encoding"), Some("gzip"), "{}", answer.head);
    let mut text = String::new();
    GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap();
    text
}

/// A server with a lively ranking.
fn with_devices(count: usize) -> Server {
    let server = Server::start();
    for number in 0..count {
        let report = json!({
            "device_identifier": format!("machine-{number}"),
            "hardware": {"cpu": {"vendor": "Maker", "model": format!("Processor {number}")}},
            "results": {
                "cpu": {"score": 50 + number}, "memory": {"score": 60 + number},
                "disk": {"score": 70 + number}, "network": {"score": 80 + number},
            },
        });
        assert_eq!(server.send(&Request::report(report.to_string())).status, 200);
    }
    server
}

#[test]
fn a_first_visit_is_small() {
    let server = with_devices(60);
    let page = get(&server, "/", "gzip, deflate, br, zstd");
    let text = gunzip(&page);
    assert!(text.contains("machine-59"), "{text}");
    let assets: Vec<&str> =
        text.split('"').filter(|part| part.starts_with("/assets/") && part.contains('.')).collect();
    assert!(assets.len() >= 3, "style, script and icon: {assets:?}");
    let answers: Vec<Answer> =
        assets.iter().map(|path| get(&server, path, "gzip, deflate, br, zstd")).collect();
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 200 && answer.header("content-encoding") == Some("gzip"))
    );
    let total = page.body.len() + answers.iter().map(|answer| answer.body.len()).sum::<usize>();
    println!("page {} bytes ({} unpacked), first load {total} bytes", page.body.len(), text.len());
    assert!(page.body.len() <= PAGE_ALONE, "{} bytes", page.body.len());
    assert!(total <= FIRST_LOAD, "{total} bytes");
}

#[test]
fn what_is_compressed_is_the_same() {
    let server = with_devices(3);
    for path in ["/", "/bench.sh", "/devices/1-machine-0"] {
        let (packed, plain) = (get(&server, path, "gzip"), get(&server, path, "identity"));
        assert_eq!(
            (packed.status, plain.status, plain.header("content-encoding")),
            (200, 200, None),
            "{path}"
        );
        assert!(gunzip(&packed) == plain.text(), "{path}");
        assert!(
            packed.body.len() * 2 < plain.body.len(),
            "{path}: {} of {}",
            packed.body.len(),
            plain.body.len()
        );
        assert!(packed.head.contains("vary: accept-encoding"), "{}", packed.head);
    }
}

#[test]
fn who_does_not_take_gzip_gets_it_plain() {
    let server = Server::start();
    for encodings in ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, identity;q=0", "nonsense;;;"] {
        let answer = get(&server, "/bench.sh", encodings);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{encodings}");
    }
    let report = Request::report(r#"{"device_identifier":"a"}"#).header("Accept-Encoding", "br, *;q=0");
    assert_eq!(server.send(&report).status, 200, "a report that was stored is not answered 406");
}

#[test]
fn what_is_short_or_a_program_stays_as_it_is() {
    let server = Server::with(|settings, folder| {
        let target = folder.join("agent/x86_64-unknown-linux-gnu");
        std::fs::create_dir_all(&target).unwrap();
        std::fs::write(target.join("benchtools"), vec![0; 100_000]).unwrap();
        settings
    });
    for path in ["/api/health", "/agent/x86_64-unknown-linux-gnu/benchtools", "/nowhere"] {
        let answer = server.send(&Request::new("GET", path).header("Accept-Encoding", "gzip"));
        assert_eq!(answer.header("content-encoding"), None, "{path}: {}", answer.head);
        assert!(answer.header("content-length").is_some(), "{path}: {}", answer.head);
    }
}
