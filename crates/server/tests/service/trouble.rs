//! When the disk is full, the database is locked, or the process is killed: 503, nothing by halves, nothing lost.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Executor};

use crate::common::{Answer, Request, Server};
use crate::process::{Process, with_token};

fn assert_unavailable(answer: &Answer) {
    assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"), "{}", answer.text());
    assert!(answer.header("retry-after").is_some(), "{}", answer.head);
}

/// Another process has the database for itself: a backup tool, a curious administrator.
async fn lock(file: &Path) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    connection.execute("begin immediate").await.unwrap();
    connection
}

#[test]
fn a_locked_database_is_503_and_then_the_report_passes() {
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let report = Request::report(r#"{"device_identifier":"patient"}"#);
    assert_eq!(server.get("/api/health").status, 200, "it is up, and has made its tables");
    let mut holder = runtime.block_on(lock(&server.folder().join("data.db")));
    assert_unavailable(&server.send(&report));
    assert_eq!(server.get("/api/health").status, 200, "it can still be read");
    runtime.block_on(async {
        holder.execute("rollback").await.unwrap();
        holder.close().await.unwrap();
    });
    let answer = server.send(&report);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(server.get("/api/stats").json()["benchmarks"], 1, "it was stored once");
}

/// The program with its data on a file system of 4 MiB that nobody else sees; `None` where that needs rights
/// that we lack.
fn on_a_small_disk(folder: &Path) -> Option<Command> {
    let user: &[&str] = if rustix::process::geteuid().is_root() { &[] } else { &["--map-root-user"] };
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.arg("--mount").args(user).args(["sh", "-c", script, "sh"]);
        command
    };
    let possible = unshare("mount -t tmpfs none /mnt").output().is_ok_and(|output| output.status.success());
    let template = with_token(folder);
    let mut command = unshare("mount -t tmpfs -o size=4m none \"$PWD\" && cd \"$PWD\" && exec \"$@\"");
    command.env_clear().env("PATH", std::env::var_os("PATH")?).current_dir(folder);
    command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.arg(template.get_program());
    possible.then_some(command)
}

#[test]
fn a_full_disk_is_503_and_what_was_answered_stays() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut command) = on_a_small_disk(folder.path()) else {
        eprintln!("skipped: no file system of our own can be mounted here");
        return;
    };
    let server = Process::serve(&mut command);
    let mut noise = 1_u64;
    let mut report = |number: usize| {
        let text = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'!' + (noise >> 40) as u8 % 90)
        });
        let note: String = text.take(19_000).filter(|c| !"\"\\".contains(*c)).collect();
        Request::report(
            json!({"device_identifier": "full", "label": number.to_string(), "note": note}).to_string(),
        )
    };
    let mut answered = Vec::new();
    let refused = loop {
        let request = report(answered.len());
        let answer = server.send(&request);
        if answer.status != 200 {
            break answer;
        }
        answered.push((request, answer.json()["benchmark_id"].clone()));
        assert!(answered.len() < 1000, "the disk does not fill");
    };
    assert_unavailable(&refused);
    assert!(!answered.is_empty());
    for (request, id) in &answered {
        let again = server.send(request);
        assert_eq!((again.status, &again.json()["benchmark_id"]), (200, id), "{}", again.text());
    }
    let stats = server.send(&Request::new("GET", "/api/stats")).json();
    assert_eq!(stats["benchmarks"], answered.len(), "nothing was stored by halves");
    server.stop();
}
