//! Size and compression of what comes in: 4 MiB before and after, and a refusal that can be read.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::common::{Answer, Request, Server};
use crate::process::{Process, with_token};

const LIMIT: usize = 4 * 1024 * 1024;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A report of exactly that many bytes.
fn sized(bytes: usize) -> Vec<u8> {
    let mut report = json!({"device_identifier": "large"}).to_string().into_bytes();
    report.resize(bytes, b' ');
    report
}

fn encoded(encoding: &str, body: Vec<u8>) -> Request {
    Request::report(body).header("Content-Encoding", encoding)
}

fn assert_too_large(answer: &Answer) {
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"), "{}", answer.text());
}

#[test]
fn compressed_reports_are_the_same_reports() {
    let server = Server::start();
    let body = json!({"device_identifier": "a", "report_id": "018f3b0e-7b7a-7cc0-8000-000000000001"});
    let plain = body.to_string().into_bytes();
    let first = server.send(&Request::report(plain.clone()));
    assert_eq!(first.status, 200, "{}", first.text());
    for request in [
        encoded("gzip", gzip(&plain)),
        encoded("x-gzip", gzip(&plain)),
        encoded("GZIP", gzip(&plain)),
        encoded("zstd", zstd::encode_all(&plain[..], 3).unwrap()),
        encoded("identity", plain.clone()),
    ] {
        let again = server.send(&request);
        assert_eq!((again.status, again.json()), (200, first.json()), "{request:?}");
    }
}

#[test]
fn other_encodings_are_415() {
    let server = Server::start();
    for encoding in ["br", "deflate", "gzip, gzip", "zip", "\u{e9}"] {
        let answer = server.send(&encoded(encoding, b"{}".to_vec()));
        assert_eq!((answer.status, answer.problem().as_str()), (415, "unsupported_encoding"), "{encoding}");
        assert_eq!(answer.header("accept-encoding"), Some("gzip, zstd"));
    }
    let damaged = server.send(&encoded("gzip", b"{}".to_vec()));
    assert_eq!((damaged.status, damaged.problem().as_str()), (400, "bad_encoding"));
}

#[test]
fn the_limit_is_4_mib_before_and_after() {
    let server = Server::start();
    let (fits, over) = (sized(LIMIT), sized(LIMIT + 1));
    assert_eq!(server.send(&Request::report(fits.clone())).status, 200);
    assert_eq!(server.send(&encoded("gzip", gzip(&fits))).status, 200);
    assert_too_large(&server.send(&Request::report(over.clone())));
    assert_too_large(&server.send(&encoded("gzip", gzip(&over))));
    assert_too_large(&server.send(&encoded("zstd", zstd::encode_all(&over[..], 3).unwrap())));
}

#[test]
fn a_body_that_does_not_say_its_length_is_limited_too() {
    let server = Server::start();
    let mut chunked = b"100000\r\n".to_vec();
    chunked.extend(vec![b' '; 0x10_0000]);
    chunked.extend(b"\r\n");
    let mut body = chunked.repeat(5);
    body.extend(b"0\r\n\r\n");
    let head = Request::new("POST", "/api/benchmark")
        .token()
        .header("Content-Type", "application/json")
        .header("Transfer-Encoding", "chunked");
    let mut bytes = head.bytes(server.address);
    bytes.extend(body);
    let mut stream = server.connect();
    stream.write_all(&bytes).unwrap();
    assert_too_large(&Answer::read(&mut stream));
}

/// A client that writes all of its body before it reads must find the answer, not a broken pipe.
#[test]
fn a_refusal_can_be_read_after_4_mib_more() {
    let server = Server::start();
    let refused_early = Request::new("POST", "/api/benchmark").body(vec![b' '; LIMIT]);
    assert_eq!(server.send(&refused_early).status, 401);
    assert_eq!(server.send(&refused_early.token()).status, 415);
    assert_too_large(&server.send(&Request::report(vec![b' '; LIMIT + 1])));
}

/// A client that never stops is not listened to for ever: what it sends stops arriving.
#[test]
fn a_client_that_sends_on_is_cut_off() {
    let server = Server::start();
    let mut stream = server.connect();
    let head = Request::report(Vec::new()).header("X-Pad", "x");
    let head = String::from_utf8(head.bytes(server.address)).unwrap();
    stream.write_all(head.replace("Content-Length: 0", "Content-Length: 1000000000").as_bytes()).unwrap();
    let piece = vec![b' '; 1 << 20];
    let taken = (0..1000).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!(taken < 32, "{taken} MiB were taken of a body that was refused");
}

/// Half a gigabyte of blanks, piece by piece.
fn unfold(into: &mut impl Write) {
    let piece = vec![b' '; 1 << 20];
    for _ in 0..500 {
        into.write_all(&piece).unwrap();
    }
}

#[test]
fn a_bomb_does_not_unfold() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    unfold(&mut gzip);
    let gzip = gzip.finish().unwrap();
    assert!((400_000..600_000).contains(&gzip.len()), "{}", gzip.len());
    let mut zstd = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    unfold(&mut zstd);
    let zstd = zstd.finish().unwrap();
    assert_eq!(server.send(&Request::report(sized(LIMIT))).status, 200);
    let before = server.peak_bytes();
    for _ in 0..3 {
        assert_too_large(&server.send(&encoded("gzip", gzip.clone())));
        assert_too_large(&server.send(&encoded("zstd", zstd.clone())));
    }
    let grown = server.peak_bytes() - before;
    // Of the 500 MiB that it stands for: the window of the decompressor, and what the allocator holds back a while.
    assert!(grown < 32 << 20, "{grown} bytes more than for a body that fits");
    server.stop();
}

/// A document as large as it may be, of entries that are as small as they can be.
fn crowded(list: &str, entry: &str) -> Vec<u8> {
    let head = format!(r#"{{"device_identifier":"crowded",{list}"#);
    let closing = "}".repeat(head.matches('{').count());
    let room = LIMIT - head.len() - closing.len() - 2;
    let entries = vec![entry; room / (entry.len() + 1)].join(",");
    format!("{head}[{entries}]{closing}").into_bytes()
}

#[test]
fn a_list_without_end_is_refused_before_it_fills_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    assert_eq!(server.send(&Request::report(sized(LIMIT))).status, 200);
    let before = server.peak_bytes();
    for (list, entry, path) in [
        (r#""measurements":"#, r#"{"metric":"a.b"}"#, "measurements"),
        (r#""missing":"#, "null", "missing"),
        (r#""hardware":{"ram":{"layout":"#, "{}", "hardware.ram.layout"),
        (r#""hardware":{"storage":{"devices":"#, "{}", "hardware.storage.devices"),
        (r#""hardware":{"cpu":{"flags":"#, r#""""#, "hardware.cpu.flags"),
        (r#""label":7,"unknown":"#, "[1]", "label"),
    ] {
        let answer = server.send(&Request::report(crowded(list, entry)));
        assert_eq!((answer.status, answer.paths()), (422, vec![path.to_owned()]), "{}", answer.text());
    }
    let grown = server.peak_bytes() - before;
    // Ten thousand entries are kept for a moment, and the allocator keeps their room: far from what all would take.
    assert!(grown < 64 << 20, "{grown} bytes more than for a body that is mostly blank");
    server.stop();
}
