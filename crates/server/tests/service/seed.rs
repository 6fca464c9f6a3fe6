//! `benchtools-server seed`: a database to measure with, in which every read works.

use server::config::{Secret, Settings};

use crate::common::Server;
use crate::engines::PostgresDatabase;
use crate::process::{program, run, stderr};
use crate::reports::read;

/// Runs the body on a server whose database was filled, on either engine.
fn on_both_seeded(arguments: &[&str], body: impl Fn(&Server)) {
    let seed = |database: &str| {
        let folder = tempfile::tempdir().unwrap();
        let run = |arguments: &[&str]| run(program(folder.path()).env("DATABASE_URL", database), arguments);
        let filled = run(&[&["seed"], arguments].concat());
        assert!(filled.status.success(), "{}", stderr(&filled));
        let again = run(&["seed", "--devices", "1", "--benchmarks", "1"]);
        assert_eq!(again.status.code(), Some(1));
        assert!(stderr(&again).contains("devices already"), "{}", stderr(&again));
    };
    body(&Server::with(|settings, _| {
        seed(settings.database_url.as_ref().unwrap().expose());
        settings
    }));
    let database = PostgresDatabase::create();
    seed(&database.url);
    let url = Some(Secret::new(database.url.clone()));
    body(&Server::with(|settings, _| Settings { database_url: url, ..settings }));
}

#[test]
fn every_read_works_on_what_was_made() {
    on_both_seeded(&["--devices", "7", "--benchmarks", "24", "--seed", "5"], |server| {
        let stats = read(server, "/api/stats");
        assert_eq!(
            (&stats["devices"], &stats["benchmarks"], &stats["snapshots"]),
            (&7.into(), &24.into(), &7.into())
        );
        assert_eq!(stats["score"]["ranked"], 7);
        let devices = read(server, "/api/devices");
        assert_eq!(devices["total"], 7);
        for device in devices["items"].as_array().unwrap() {
            let id = &device["id"];
            assert!(
                device["model"].is_string() && device["standing"]["global_score"].is_number(),
                "{device}"
            );
            let history = read(server, &format!("/api/devices/{id}/benchmarks"));
            let count = history["items"].as_array().unwrap().len();
            assert!((3..=4).contains(&count), "{history}");
            let newest = &history["items"][0]["id"];
            let full = read(server, &format!("/api/benchmarks/{newest}"));
            assert_eq!(full["measurements"].as_array().unwrap().len(), 12);
            assert_eq!(full["hardware"]["os"]["hostname"], device["device_identifier"]);
            let raw = read(server, &format!("/api/benchmarks/{newest}/raw"));
            assert_eq!(
                (&raw["report_id"], &raw["device_identifier"]),
                (&full["report_id"], &device["device_identifier"])
            );
            let snapshots = read(server, &format!("/api/devices/{id}/snapshots"));
            read(server, &format!("/api/snapshots/{}", snapshots["items"][0]["id"]));
            assert_eq!(server.get(&format!("/d/{id}")).status, 307);
        }
        assert_eq!(server.get("/").status, 200);
    });
}

#[test]
fn the_same_number_makes_the_same_machines() {
    let names = |seed: &str| {
        let mut all = Vec::new();
        let names = std::cell::RefCell::new(&mut all);
        on_both_seeded(&["--devices", "3", "--benchmarks", "3", "--seed", seed], |server| {
            let devices = read(server, "/api/devices");
            let text = |item: &serde_json::Value| item["name"].to_string() + &item["standing"].to_string();
            names
                .borrow_mut()
                .push(devices["items"].as_array().unwrap().iter().map(text).collect::<Vec<_>>());
        });
        all
    };
    let (first, other) = (names("1"), names("2"));
    assert_eq!(first[0], first[1]);
    assert_ne!(first[0], other[0]);
}

#[test]
fn what_cannot_be_filled_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(&mut program(folder.path()), &["seed", "--devices", "5", "--benchmarks", "4"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("4 benchmarks are not enough for 5 devices"), "{}", stderr(&refused));
    let help = run(&mut program(folder.path()), &["help"]);
    assert!(!String::from_utf8(help.stdout).unwrap().contains("seed"));
}
