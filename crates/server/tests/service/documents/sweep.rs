//! What no document needs goes: old orphans, and what was left by servers that were killed.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::form::{Form, added};
use super::lives::files;
use crate::common::Request;
use crate::engines::sqlite;
use crate::process::{Process, with_token};

#[expect(clippy::disallowed_methods, reason = "files have the time of the machine")]
fn age(path: &Path, hours: u64) {
    let time = SystemTime::now() - Duration::from_secs(hours * 3600);
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn orphans_older_than_a_day_are_swept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let stored = server.send(&Request::report(r#"{"device_identifier":"nas"}"#));
    let path = format!("/api/devices/{}/docs", stored.json()["device_id"]);
    let document = added(&server.send(&Form::file("kept.txt", b"kept").to(&path)));
    server.stop();
    let uploads = folder.path().join("uploads");
    let hash = document["sha256"].as_str().unwrap();
    let kept = files(folder.path());
    age(&kept[0], 100);
    let orphan = "0f".repeat(32);
    let (objects, thumbs) = (uploads.join("objects/0f"), uploads.join("thumbs/0f"));
    let foreign = uploads.join("objects/0f/readme.txt");
    let old = [
        objects.join(format!("{orphan}.1234")),
        uploads.join(format!("objects/{}/{hash}.1234", &hash[..2])),
        thumbs.join(format!("{orphan}.256")),
        uploads.join("tmp/benchtools-upload-abc"),
    ];
    let young = [objects.join(format!("{orphan}.5678")), uploads.join("tmp/benchtools-upload-def")];
    for file in old.iter().chain(&young).chain([&foreign]) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, b"x").unwrap();
        age(file, 25);
    }
    young.iter().for_each(|file| age(file, 23));
    let mut server = Process::serve(&mut with_token(folder.path()));
    let said = server.wait_for("swept");
    assert!(said.contains("removed=4"), "{said}");
    let mut left: Vec<_> = kept.iter().chain(&young).chain([&foreign]).cloned().collect();
    left.sort();
    let mut found = files(folder.path());
    found.sort();
    assert_eq!(found, left);
    let file = server.send(&Request::new("GET", document["download_url"].as_str().unwrap()));
    assert_eq!(file.body, b"kept");
    server.stop();
}

/// Documents that went with their device leave contents that no document names: the next start removes those at once.
#[test]
fn contents_that_no_document_names_go() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let stored = server.send(&Request::report(r#"{"device_identifier":"nas"}"#));
    let path = format!("/api/devices/{}/docs", stored.json()["device_id"]);
    for content in [&b"one"[..], b"two"] {
        added(&server.send(&Form::file("a.txt", content).to(&path)));
    }
    server.stop();
    let database = sqlite(folder.path());
    database.execute_batch("delete from documents where id = 1").unwrap();
    database.close().unwrap();
    let mut server = Process::serve(&mut with_token(folder.path()));
    assert!(server.wait_for("swept").contains("removed=1"));
    assert_eq!(files(folder.path()).len(), 1);
    server.stop();
}
