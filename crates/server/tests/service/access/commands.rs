//! `benchtools-server token …`, as an operator types it.

use std::path::Path;
use std::process::Output;

use super::bearing;
use crate::common::Request;
use crate::process::{Process, run, stderr, with_token};

fn token(folder: &Path, arguments: &[&str]) -> Output {
    run(with_token(folder).arg("token"), arguments)
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    stderr(output)
}

fn config(token: &str) -> Request {
    bearing(Request::new("GET", "/api/agent/config"), token)
}

#[test]
fn a_token_is_made_used_listed_and_revoked_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let made = token(folder.path(), &["create", "--name", "laptop", "--scope", "submit", "--expires", "90d"]);
    let secret = said(&made);
    let secret = secret.strip_suffix('\n').unwrap();
    assert!(secret.starts_with("bt_") && !secret.contains('\n'), "the token alone: {secret}");
    let told = stderr(&made);
    assert!(told.contains("laptop") && told.contains("scope submit") && !told.contains(secret), "{told}");
    assert_eq!(server.send(&config(secret)).status, 200);

    let listed = said(&token(folder.path(), &["list"]));
    assert!(listed.contains("laptop") && listed.contains("submit") && !listed.contains("bt_"), "{listed}");

    assert!(said(&token(folder.path(), &["revoke", "laptop"])).contains("revoked"));
    // Within the five seconds that are promised; how long it really takes is not measured here.
    while server.send(&config(secret)).status != 401 {
        std::thread::yield_now();
    }
    assert!(said(&token(folder.path(), &["revoke", "laptop"])).contains("before"));
    assert!(said(&token(folder.path(), &["list"])).contains("revoked"));
    let log = server.stop().join("\n");
    assert!(!log.contains("bt_"), "{log}");
}

#[test]
fn a_token_is_revoked_by_its_id_too() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["1", "other"] {
        said(&token(folder.path(), &["create", "--name", name, "--scope", "write"]));
    }
    assert!(said(&token(folder.path(), &["revoke", "2"])).contains("other"));
    assert!(said(&token(folder.path(), &["revoke", "1"])).contains("\"1\""), "a name counts before an id");
    assert!(refused(&token(folder.path(), &["revoke", "nobody"])).contains("token list"));
}

#[test]
fn what_does_not_fit_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let create =
        |arguments: &[&str]| token(folder.path(), &[&["create", "--name", "laptop"], arguments].concat());
    assert!(refused(&create(&["--scope", "root"])).contains("submit, write or admin"));
    assert!(refused(&create(&["--scope", "submit", "--expires", "soon"])).contains("--expires 90d"));
    assert!(refused(&create(&["--scope", "submit", "--expires", "2020-01-01"])).contains("in the past"));
    assert!(refused(&create(&["--scope", "write", "--device", "nas"])).contains("one device"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    assert!(refused(&token(folder.path(), &["list"])).contains("there is no database"));
    assert!(refused(&token(folder.path(), &["revoke", "laptop"])).contains("there is no database"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nor by looking");
    said(&create(&["--scope", "submit", "--device", "laptop"]));
    assert!(refused(&create(&["--scope", "admin"])).contains("there already"));
    assert!(said(&token(folder.path(), &["list"])).contains("laptop"));
}
