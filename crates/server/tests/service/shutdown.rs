//! SIGTERM: nobody new comes in, whoever is in is answered, and what was answered is kept.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{Answer, Request, connect};
use crate::engines::sqlite;
use crate::process::{Process, with_token};

/// A report that has been announced, and whose body the server is waiting for.
fn begin(server: &Process, body: &str) -> TcpStream {
    let head = Request::report(body).header("Expect", "100-continue").bytes(server.address);
    let mut stream = connect(server.address);
    stream.write_all(&head[..head.len() - body.len()]).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

/// Returns when connections are refused; hangs (and is ended by the test's patience) if they never are.
fn wait_until_refused(server: &Process) {
    loop {
        match TcpStream::connect(server.address) {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return,
            Ok(_) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn who_is_in_is_answered_and_nobody_new_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let body = r#"{"device_identifier":"in-flight"}"#;
    let mut stream = begin(&server, body);
    let (first, second) = body.split_at(10);
    stream.write_all(first.as_bytes()).unwrap();
    server.terminate();
    wait_until_refused(&server);
    stream.write_all(second.as_bytes()).unwrap();
    let answer = Answer::read(&mut stream);
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{}", answer.head);
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(0), "{said:#?}");
    assert!(said.last().unwrap().contains("stopped"), "{said:#?}");

    let again = Process::serve(&mut with_token(folder.path()));
    assert_eq!(again.send(&Request::report(body)).json(), {
        let mut kept = answer.json();
        let url = kept["url"].as_str().unwrap().replace(&answer_host(&kept), &again.address.to_string());
        kept["url"] = url.into();
        kept
    });
}

/// The host in the `url` of an answer.
fn answer_host(answer: &serde_json::Value) -> String {
    answer["url"].as_str().unwrap().split('/').nth(2).unwrap().to_owned()
}

#[test]
fn whoever_dawdles_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let mut slow = begin(&server, r#"{"device_identifier":"slow"}"#);
    slow.write_all(b"{").unwrap();
    let mut idle = connect(server.address);
    idle.write_all(&Request::new("GET", "/api/health").bytes(server.address)).unwrap();
    assert_eq!(Answer::read(&mut idle).status, 200);
    server.terminate();
    let cut = Answer::read(&mut slow);
    assert_eq!((cut.status, cut.problem().as_str()), (503, "unavailable"));
    assert!(cut.header("retry-after").is_some());
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0, "an idle connection is closed");
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(0), "{said:#?}");
}

#[test]
fn whoever_waits_for_a_locked_database_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let lock = sqlite(folder.path());
    lock.execute_batch("begin immediate").unwrap();
    // More than one transaction takes.
    let bodies: Vec<String> = (0..100).map(|n| format!(r#"{{"device_identifier":"m{n}"}}"#)).collect();
    let mut waiting: Vec<TcpStream> = bodies.iter().map(|body| begin(&server, body)).collect();
    for (stream, body) in waiting.iter_mut().zip(&bodies) {
        stream.write_all(body.as_bytes()).unwrap();
    }
    server.terminate();
    for stream in &mut waiting {
        let answer = Answer::read(stream);
        assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"));
    }
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(0), "{said:#?}");
    lock.close().unwrap();
}

#[test]
fn a_connection_that_was_never_used_is_no_straggler() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let mut silent = connect(server.address);
    // It has been taken in once a later one is answered.
    assert_eq!(server.send(&Request::new("GET", "/api/health")).status, 200);
    server.terminate();
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(0), "{said:#?}");
    assert!(said.iter().all(|line| !line.contains("WARN")), "{said:#?}");
    assert_eq!(silent.read(&mut [0; 1]).unwrap(), 0);
}

#[test]
fn a_client_that_was_refused_early_and_goes_on_is_no_straggler() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let mut stream = connect(server.address);
    let refused = Request::new("POST", "/api/benchmark").body("a body that nobody reads");
    for request in [refused, Request::new("GET", "/api/health")] {
        stream.write_all(&request.bytes(server.address)).unwrap();
        assert!(matches!(Answer::read(&mut stream).status, 401 | 200));
    }
    server.terminate();
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(0), "{said:#?}");
    assert!(said.iter().all(|line| !line.contains("WARN")), "its connection is closed at once: {said:#?}");
}

#[test]
fn a_download_without_end_does_not_keep_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    let slot = server.send(&Request::new("POST", "/api/net/v1/slot").token()).json();
    let request = Request::new("GET", "/api/net/v1/download?bytes=250000000").token();
    let request = request.header("X-Net-Slot", slot["slot"].as_str().unwrap());
    let mut stream = connect(server.address);
    stream.write_all(&request.bytes(server.address)).unwrap();
    stream.read_exact(&mut [0; 1000]).unwrap();
    server.terminate();
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(0), "{said:#?}");
}

/// Sends reports until the server is gone; the bodies that were answered, with the id they got.
fn submit_until_gone(server: SocketAddr, name: usize, answered: &AtomicUsize) -> Vec<(String, u64)> {
    let mut kept = Vec::new();
    for number in 0.. {
        let body = format!(r#"{{"device_identifier":"m{name}","label":"{number}"}}"#);
        let Ok(mut stream) = TcpStream::connect(server) else { break };
        if stream.write_all(&Request::report(body.as_str()).bytes(server)).is_err() {
            break;
        }
        match Answer::try_read(&mut stream) {
            Ok(answer) if answer.status == 200 => {
                answered.fetch_add(1, Ordering::Relaxed);
                kept.push((body, answer.json()["benchmark_id"].as_u64().unwrap()));
            }
            Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.text()),
            Err(_) => break,
        }
    }
    kept
}

#[test]
fn every_answered_report_is_there_after_sigterm() {
    let said = every_answered_report_is_there_after(Process::signal);
    assert!(said.last().unwrap().contains("stopped"), "{said:#?}");
}

#[test]
fn every_answered_report_is_there_after_sigkill() {
    let said = every_answered_report_is_there_after(Process::kill);
    assert!(said.iter().all(|line| !line.contains("stopping")), "{said:#?}");
}

/// Ends the server in the middle of a load; what it said until then.
fn every_answered_report_is_there_after(end: impl Fn(&Process)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::serve(&mut with_token(folder.path()));
    let answered = AtomicUsize::new(0);
    let kept: Vec<(String, u64)> = std::thread::scope(|scope| {
        let (server, answered) = (process.address, &answered);
        let clients: Vec<_> =
            (0..8).map(|name| scope.spawn(move || submit_until_gone(server, name, answered))).collect();
        while answered.load(Ordering::Relaxed) < 50 {
            std::thread::yield_now();
        }
        end(&process);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let (_, said) = process.end();
    let again = Process::serve(&mut with_token(folder.path()));
    for (body, id) in &kept {
        let answer = again.send(&Request::report(body.as_str()));
        assert_eq!(answer.json()["benchmark_id"].as_u64(), Some(*id), "{body} was answered, and is gone");
    }
    assert!(kept.len() >= 50);
    said
}
