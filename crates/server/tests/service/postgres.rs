//! Several servers on one PostgreSQL: one token, one fleet key, and a health check that notices when it is gone.

use crate::common::{Request, Server};
use crate::engines::PostgresDatabase;
use crate::process::{Process, program, run, stderr, with_token};

#[test]
fn servers_on_one_database_make_one_token() {
    let database = PostgresDatabase::create();
    let folder = tempfile::tempdir().unwrap();
    let on_it = || {
        let mut command = program(folder.path());
        command.env("DATABASE_URL", &database.url);
        command
    };
    assert_eq!(run(&mut on_it(), &["migrate"]).status.code(), Some(0));
    let before = run(&mut on_it(), &["token", "show"]);
    assert_eq!(before.status.code(), Some(1), "none is made by looking: {}", stderr(&before));

    let (first, second) = (Process::serve(&mut on_it()), Process::serve(&mut on_it()));
    let shown = run(&mut on_it(), &["token", "show"]);
    let token = String::from_utf8(shown.stdout).unwrap().trim().to_owned();
    let config = Request::new("GET", "/api/agent/config").header("Authorization", &format!("Bearer {token}"));
    let keys = [&first, &second].map(|server| server.send(&config).json()["fleet_key"].clone());
    assert!(keys[0].is_string() && keys[0] == keys[1], "{keys:?}");
    let times_shown = |said: Vec<String>| said.iter().filter(|line| line.contains(&token)).count();
    assert_eq!((times_shown(first.stop()), times_shown(second.stop())), (1, 0), "whoever made it shows it");
    let made = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(made.collect::<Vec<_>>(), ["uploads"], "only documents are kept on the disk");
}

#[test]
fn a_database_that_is_gone_is_named() {
    let database = PostgresDatabase::create();
    let server = Server::with(|mut settings, _| {
        settings.database_url = Some(server::config::Secret::new(database.url.clone()));
        settings
    });
    let well = server.get("/api/health").json();
    assert_eq!(well["database"], serde_json::json!({"kind": "postgresql", "reachable": true}));
    assert_eq!(
        well["folders"],
        serde_json::json!({"uploads": "writable"}),
        "PostgreSQL needs no folder of ours"
    );
    drop(database);
    let answer = server.get("/api/health");
    assert_eq!((answer.status, answer.problem().as_str()), (503, "unhealthy"), "{}", answer.text());
    assert_eq!(answer.paths(), ["database"]);
    let report = server.send(&Request::report(r#"{"device_identifier":"a"}"#));
    assert_eq!((report.status, report.problem().as_str()), (503, "unavailable"), "{}", report.text());
    assert!(report.header("retry-after").is_some());
}

#[test]
fn the_password_of_a_database_that_is_away_is_not_logged() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://bench:hunter2@127.0.0.1:1/bench";
    let mut server = Process::spawn(with_token(folder.path()).env("DATABASE_URL", url));
    server.wait_for("waiting for the database");
    server.signal();
    let (status, said) = server.end();
    assert_eq!(status.code(), Some(1), "{said:#?}");
    let last = said.last().unwrap();
    assert!(last.starts_with("benchtools-server: ") && last.contains("postgres://127.0.0.1/bench"), "{last}");
    assert!(said.iter().all(|line| !line.contains("hunter2")), "{said:#?}");
}
