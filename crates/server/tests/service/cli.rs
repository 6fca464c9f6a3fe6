//! The commands, as an operator types them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::common::{Request, TOKEN};
use crate::process::{Process, program, run, stderr, with_token};

/// A refusal to start: one sentence on standard error, nothing on standard output, no panic.
fn refusal(command: &mut std::process::Command, arguments: &[&str]) -> String {
    let output = run(command, arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let sentence = said.strip_prefix("benchtools-server: ").unwrap_or_else(|| panic!("{said}"));
    assert!(sentence.trim_end().lines().count() == 1 && !sentence.contains("panic"), "{said}");
    sentence.to_owned()
}

#[test]
fn without_a_token_one_is_made_kept_and_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("api_token");
    let before = run(&mut program(folder.path()), &["token", "show"]);
    assert_eq!(before.status.code(), Some(1), "there is none before the first start");

    let first = Process::serve(program(folder.path()).env("API_TOKEN", ""));
    let token = fs::read_to_string(&file).unwrap().trim().to_owned();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(token.len() >= 32, "{token}");
    let mine = Request::new("GET", "/api/agent/config").header("Authorization", &format!("Bearer {token}"));
    assert_eq!(first.send(&mine).status, 200);
    let said = first.stop();
    assert_eq!(said.iter().filter(|line| line.contains(&token)).count(), 1, "{said:#?}");

    let shown = run(&mut program(folder.path()), &["token", "show"]);
    assert_eq!(
        (shown.status.code(), String::from_utf8(shown.stdout).unwrap()),
        (Some(0), format!("{token}\n"))
    );

    let second = Process::serve(&mut program(folder.path()));
    assert_eq!(second.send(&mine).status, 200, "it is the same token after a restart");
    let said = second.stop();
    assert!(said.iter().all(|line| !line.contains(&token)), "{said:#?}");
}

#[test]
fn a_new_database_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("data.db");
    let start = || Process::serve(&mut program(folder.path()));
    let warned = |said: Vec<String>| said.iter().any(|line| line.contains("can read the database"));
    let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
    let first = start();
    for file in ["data.db", "data.db-wal", "data.db-shm"] {
        assert_eq!(mode(&folder.path().join(file)), 0o600, "{file}");
    }
    assert!(!warned(first.stop()));
    // Another mode is the owner's choice, and is told.
    fs::set_permissions(&database, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(warned(start().stop()));
    assert_eq!(mode(&database), 0o644);
}

#[test]
fn the_operators_token_is_the_one_that_counts() {
    let folder = tempfile::tempdir().unwrap();
    let shown = run(&mut with_token(folder.path()), &["token", "show"]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), format!("{TOKEN}\n"));
    Process::serve(&mut with_token(folder.path())).stop();
    assert!(!folder.path().join("api_token").exists(), "none is made");
}

#[test]
fn the_tokens_of_the_examples_refuse_to_start() {
    let folder = tempfile::tempdir().unwrap();
    for token in ["CHANGE_ME", "SUPER_SECRET_TOKEN"] {
        let sentence = refusal(program(folder.path()).env("API_TOKEN", token), &["serve"]);
        assert!(sentence.starts_with("API_TOKEN") && sentence.contains(token), "{sentence}");
        assert!(sentence.contains("/dev/urandom"), "it says how to make a real one: {sentence}");
    }
    let short = refusal(program(folder.path()).env("API_TOKEN", "hunter2"), &["serve"]);
    assert!(!short.contains("hunter2"), "a real secret is not repeated: {short}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn an_unknown_database_names_the_forms_there_are() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["mysql://u:hunter2@h/d", "data.db", "sqlite://data.db", "sqlite:///:memory:"] {
        let sentence = refusal(with_token(folder.path()).env("DATABASE_URL", url), &["serve"]);
        for form in ["DATABASE_URL", "sqlite:///", "sqlite:////", "postgres://", "postgresql+psycopg://"] {
            assert!(sentence.contains(form), "{form}: {sentence}");
        }
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}

#[test]
fn a_port_that_is_taken_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let sentence = refusal(with_token(folder.path()).env("PORT", address.port().to_string()), &["serve"]);
    assert!(sentence.contains(&format!("cannot listen on {address} (HOST, PORT)")), "{sentence}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "and no database is made for it");
    let sentence = refusal(with_token(folder.path()).env("HOST", "no such host"), &["serve"]);
    assert!(sentence.contains("no such host"), "{sentence}");
}

#[test]
fn folders_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), b"").unwrap();
    let root = folder.path().display();
    for (url, expected) in [
        (format!("sqlite:///{root}/missing/data.db"), "missing (DATABASE_URL) does not exist"),
        ("sqlite:///missing/data.db".to_owned(), "missing (DATABASE_URL) does not exist"),
        (format!("sqlite:///{root}/file/data.db"), "file (DATABASE_URL) is not a folder"),
    ] {
        for command in ["serve", "migrate"] {
            let sentence = refusal(with_token(folder.path()).env("DATABASE_URL", &url), &[command]);
            assert!(sentence.contains(expected), "{command}: {sentence}");
            assert!(sentence.contains(&format!("{root}/")), "the whole path: {sentence}");
        }
    }
    let sentence = refusal(with_token(folder.path()).env("TMP_DIR", "nowhere"), &["serve"]);
    assert!(sentence.contains("nowhere (TMP_DIR) does not exist"), "{sentence}");
}

#[test]
fn a_start_that_fails_with_the_database_open_ends() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("api_token")).unwrap();
    let sentence = refusal(with_token(folder.path()).env_remove("API_TOKEN"), &["serve"]);
    assert!(sentence.contains("api_token"), "{sentence}");
    assert!(folder.path().join("data.db").is_file(), "it was open");
    assert!(!folder.path().join("data.db-wal").exists(), "and was closed in order");
}

#[test]
fn a_database_that_is_none_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data.db"), "A text, and not a database. ".repeat(100)).unwrap();
    for command in ["serve", "migrate"] {
        let sentence = refusal(&mut with_token(folder.path()), &[command]);
        assert!(sentence.contains("data.db") && sentence.contains("not a database"), "{sentence}");
    }
}

#[test]
fn migrate_brings_a_database_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let output = run(&mut with_token(folder.path()), &["migrate"]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(String::from_utf8(output.stdout).unwrap().contains("sqlite:///./data.db"));
    }
    assert!(folder.path().join("data.db").is_file());
    Process::serve(&mut with_token(folder.path())).stop();
}

#[test]
fn looking_at_the_ranking_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().display();
    for (url, file) in [
        (String::new(), format!("{root}/data.db")),
        (format!("sqlite:///{root}/missing/other.db"), format!("{root}/missing/other.db")),
    ] {
        let sentence = refusal(with_token(folder.path()).env("DATABASE_URL", url), &["ranking"]);
        assert!(sentence.contains(&format!("there is no database {file} (DATABASE_URL)")), "{sentence}");
        assert!(sentence.contains("start the server once"), "what to do: {sentence}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    let server = Process::serve(&mut with_token(folder.path()));
    assert_eq!(server.send(&Request::report(r#"{"device_identifier":"nas"}"#)).status, 200);
    server.stop();
    let output = run(&mut with_token(folder.path()), &["ranking"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(String::from_utf8(output.stdout).unwrap().contains("nas"));
}

#[test]
fn health_asks_the_server_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&mut with_token(folder.path()));
    let port = server.address.port().to_string();
    let health = || run(with_token(folder.path()).env("PORT", &port), &["health"]);
    let output = health();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["status"], "ok");
    server.stop();
    let output = health();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("does not answer"), "{}", stderr(&output));
}

#[test]
fn a_flag_beats_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let shown = run(&mut with_token(folder.path()), &["token", "show", "--api-token", "another-token"]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), "another-token\n");
    let help = run(&mut with_token(folder.path()), &["serve", "--help"]);
    assert!(help.status.success() && !String::from_utf8(help.stdout).unwrap().contains(TOKEN));
}
