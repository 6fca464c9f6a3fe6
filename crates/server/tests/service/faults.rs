//! What goes wrong around a database: a full disk, a lock, the power. What was answered is kept, once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::common::{Answer, Request, connect};
use crate::engines::sqlite;
use crate::process::{Process, with_token};

fn report(number: usize) -> String {
    let id = format!("0199a000-0000-7000-8000-{number:012x}");
    let note = "x".repeat(500);
    let body = json!({
        "report_id": id, "device_identifier": format!("m{}", number % 7), "note": note,
        "results": { "cpu": { "score": 100.0 }, "disk": { "score": 100.0, "read_mb_s": 500.0 } },
    });
    body.to_string()
}

/// Rows of a query on the database file in `folder`.
fn query(folder: &Path, sql: &'static str) -> Vec<(i64, String)> {
    let connection = sqlite(folder);
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_killed_server_has_kept_every_answered_report_once() {
    const REPORTS: usize = 400;
    const CLIENTS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let answered: Arc<Mutex<BTreeMap<String, i64>>> = Arc::default();
    let next = Arc::new(AtomicUsize::new(0));
    // The third server is not killed.
    for kill_after in [REPORTS / 4, REPORTS / 2, usize::MAX] {
        let server = Arc::new(Mutex::new(Some(Process::serve(&mut with_token(folder.path())))));
        let address = server.lock().unwrap().as_ref().unwrap().address;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (server, answered, next) = (server.clone(), answered.clone(), next.clone());
                std::thread::spawn(move || {
                    let mut stream = connect(address);
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= REPORTS {
                            return None;
                        }
                        // A client that got no answer sends the same report again, to the server after this one.
                        let Some(answer) = exchange(&mut stream, address, &report(number)) else {
                            return Some(number);
                        };
                        let answer = answer.json();
                        let id = answer["report_id"].as_str().unwrap().to_owned();
                        let mut answered = answered.lock().unwrap();
                        answered.insert(id, answer["benchmark_id"].as_i64().unwrap());
                        if answered.len() >= kill_after
                            && let Some(process) = server.lock().unwrap().take()
                        {
                            // Dropping it kills it, without a word before.
                            drop(process);
                        }
                    }
                })
            })
            .collect();
        let unanswered: Vec<usize> =
            clients.into_iter().filter_map(|client| client.join().unwrap()).collect();
        if kill_after != usize::MAX {
            assert!(server.lock().unwrap().is_none(), "the server was to be killed");
        }
        let Some(process) = server.lock().unwrap().take() else {
            let retry = Process::serve(&mut with_token(folder.path()));
            for number in unanswered {
                let answer = retry.send(&Request::report(report(number))).json();
                let id = answer["report_id"].as_str().unwrap().to_owned();
                answered.lock().unwrap().insert(id, answer["benchmark_id"].as_i64().unwrap());
            }
            retry.stop();
            continue;
        };
        process.stop();
    }
    let stored = query(folder.path(), "select id, report_id from benchmarks");
    let stored: BTreeMap<String, i64> = stored.into_iter().map(|(id, report)| (report, id)).collect();
    assert_eq!(stored.len(), REPORTS);
    assert_eq!(*answered.lock().unwrap(), stored);
    let whole = "select count(*), '' from benchmarks b join raw_reports r on r.benchmark_id = b.id \
                 where exists (select 1 from metric_values m where m.benchmark_id = b.id)";
    assert_eq!(query(folder.path(), whole), [(i64::try_from(REPORTS).unwrap(), String::new())]);
    let counted = "select cast(sum(benchmarks) as integer), '' from devices";
    assert_eq!(query(folder.path(), counted), [(i64::try_from(REPORTS).unwrap(), String::new())]);
}

/// One exchange on a connection that is kept; `None` if the server went away meanwhile.
fn exchange(stream: &mut std::net::TcpStream, address: std::net::SocketAddr, body: &str) -> Option<Answer> {
    std::io::Write::write_all(stream, &Request::report(body).bytes(address)).ok()?;
    let answer = Answer::try_read(stream).ok()?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Some(answer)
}

#[test]
fn a_locked_database_answers_503_and_takes_the_report_later() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let lock = sqlite(folder.path());
    lock.execute_batch("begin immediate").unwrap();
    let refused = server.send(&Request::report(report(1)));
    assert_eq!((refused.status, refused.problem().as_str()), (503, "unavailable"), "{}", refused.text());
    assert!(refused.header("retry-after").is_some(), "{}", refused.head);
    lock.execute_batch("rollback").unwrap();
    lock.close().unwrap();
    let stored = server.send(&Request::report(report(1)));
    assert_eq!((stored.status, stored.json()["benchmark_id"].as_i64()), (200, Some(1)));
    server.stop();
}

/// The server with its database on a file system of a few MiB, which only it sees.
fn on_small_disk(folder: &Path) -> Command {
    let server = with_token(folder);
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c"]);
    // The ballast is what is removed when "somebody made room".
    command.arg(
        "mount -t tmpfs -o size=3m tmpfs small && head -c 1000000 /dev/zero >small/ballast && exec \"$0\" \"$@\"",
    );
    command.arg(server.get_program()).current_dir(folder).env_clear();
    command.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("DATABASE_URL", "sqlite:///small/data.db").env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    command
}

#[test]
fn a_full_disk_answers_503_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("small")).unwrap();
    let server = Process::serve(&mut on_small_disk(folder.path()));
    let mut stored: Vec<Value> = Vec::new();
    let refused = loop {
        // The cap only ends a test whose disk does not fill up.
        assert!(stored.len() < 20_000, "the disk never was full");
        let answer = server.send(&Request::report(report(stored.len())));
        if answer.status != 200 {
            break answer;
        }
        stored.push(answer.json());
    };
    assert_eq!((refused.status, refused.problem().as_str()), (503, "unavailable"), "{}", refused.text());
    let health = Request::new("GET", "/api/health");
    let unhealthy = server.send(&health);
    assert_eq!(unhealthy.status, 503, "{}", unhealthy.text());
    assert!(unhealthy.text().contains("folders.database has no room left"), "{}", unhealthy.text());
    let ballast = format!("/proc/{}/root{}/small/ballast", server.id(), folder.path().display());
    std::fs::remove_file(ballast).unwrap();
    let accepted = server.send(&Request::report(report(stored.len())));
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    stored.push(accepted.json());
    // Each is there as it was answered, and its place in the history was not taken twice.
    for (number, answer) in stored.iter().enumerate() {
        assert_eq!(server.send(&Request::report(report(number))).json(), *answer, "{number}");
    }
    let ids: BTreeSet<i64> = stored.iter().map(|one| one["benchmark_id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), stored.len());
    server.stop();
}

#[test]
fn an_answer_leaves_after_the_disk_has_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("calls");
    let server = with_token(folder.path());
    let mut traced = Command::new("strace");
    // Daemonized, the tracer is no parent of the server, which gets its signals itself.
    traced.args(["--daemonize", "--follow-forks", "--string-limit=40", "--output"]).arg(&log);
    traced.arg("--trace=read,readv,recvfrom,write,writev,sendto,sendmsg,fdatasync,fsync");
    traced.arg(server.get_program()).current_dir(folder.path()).env_clear();
    traced.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let traced = Process::serve(&mut traced);
    assert_eq!(traced.send(&Request::report(report(1))).status, 200);
    let id = traced.id();
    traced.stop();
    let calls = whole_log(&log, &format!("{id} +++ exited with 0 +++"));
    let asked = calls.find("POST /api/benchmark").unwrap();
    let answered = asked + calls[asked..].find("HTTP/1.1 200 OK").unwrap();
    let synced = |line: &&str| {
        (line.contains("fdatasync") || line.contains("fsync")) && line.trim_end().ends_with("= 0")
    };
    let between = &calls[asked..answered];
    assert!(between.lines().any(|line| synced(&line)), "no sync before the answer: {between}");
}

/// The tracer's log, once it has written the line that it ends with.
fn whole_log(log: &Path, last: &str) -> String {
    let begun = std::time::Instant::now();
    loop {
        let text = std::fs::read_to_string(log).unwrap();
        if text.lines().any(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") == last) {
            return text;
        }
        assert!(begun.elapsed().as_secs() < 30, "the tracer did not end: {text}");
        std::thread::yield_now();
    }
}
