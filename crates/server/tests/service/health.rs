//! The health check: what it looks at, and what it says when something is wrong.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::common::{Answer, Request, Server};
use crate::process::{Process, with_token};

fn assert_unhealthy(answer: &Answer, checks: &[&str]) {
    assert_eq!((answer.status, answer.problem().as_str()), (503, "unhealthy"), "{}", answer.text());
    assert!(answer.header("retry-after").is_some(), "{}", answer.head);
    assert_eq!(answer.paths(), checks, "{}", answer.text());
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(checks.iter().all(|check| detail.contains(check)), "{detail}");
}

#[test]
fn health_tells_what_a_monitor_wants() {
    let server = Server::with(|mut settings, folder| {
        settings.tmp_dir = Some(folder.display().to_string());
        settings
    });
    let answer = server.get("/api/health");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut health = answer.json();
    assert!(health["uptime_s"].take().is_u64());
    let expected = json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "database": {"kind": "sqlite", "reachable": true},
        "folders": {"database": "writable", "temporary": "writable", "uploads": "writable"},
        "uptime_s": null,
    });
    assert_eq!(health, expected);
    assert_eq!(server.send(&Request::new("HEAD", "/api/health")).status, 200, "monitors ask with HEAD, too");
}

#[test]
fn a_folder_that_is_gone_is_named() {
    let server = Server::with(|mut settings, folder| {
        let temporary = folder.join("temporary");
        std::fs::create_dir(&temporary).unwrap();
        settings.tmp_dir = Some(temporary.display().to_string());
        settings
    });
    assert_eq!(server.get("/api/health").status, 200);
    let temporary = server.folder().join("temporary");
    std::fs::remove_dir(&temporary).unwrap();
    assert_unhealthy(&server.get("/api/health"), &["folders.temporary"]);
    assert!(!server.get("/api/health").text().contains("/temporary"), "paths are the operator's business");
    std::fs::create_dir(&temporary).unwrap();
    assert_eq!(server.get("/api/health").status, 200, "it recovers by itself");
}

/// The user `nobody`, whom permissions bind; root they do not.
const NOBODY: u32 = 65534;

/// The program where any user can run it.
fn program_for_anyone(folder: &Path) -> PathBuf {
    let program = folder.join("benchtools-server");
    std::fs::copy(env!("CARGO_BIN_EXE_benchtools-server"), &program).unwrap();
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
    program
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let program = program_for_anyone(folder.path());
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mut command = Command::new(program);
    let url = format!("sqlite:///{}/data.db", data.display());
    let template = with_token(folder.path());
    let environment = template.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(environment).env("DATABASE_URL", url).current_dir(folder.path());
    command.env("UPLOAD_DIR", data.join("uploads"));
    if rustix::process::geteuid().is_root() {
        chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    let server = Process::serve(&mut command);
    let health = Request::new("GET", "/api/health");
    assert_eq!(server.send(&health).status, 200);
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o555)).unwrap();
    assert_unhealthy(&server.send(&health), &["folders.database"]);
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o755)).unwrap();
    let said = server.stop();
    assert!(
        said.iter().any(|line| line.contains("cannot be written to") && line.contains("data")),
        "{said:#?}"
    );
}
