//! Two processes, started at once on one empty PostgreSQL and one bucket, are one service: whatever is done through one
//! of them holds at the other.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::access::{bearing, with_json};
use crate::common::Request;
use crate::documents::bucket::{KEY, S3};
use crate::documents::form::{Form, added};
use crate::engines::PostgresDatabase;
use crate::process::Process;

struct Service {
    servers: [Process; 2],
    _s3: S3,
    _database: PostgresDatabase,
    _folders: [tempfile::TempDir; 2],
}

impl Service {
    /// Both are asked to start before either listens.
    fn start() -> Self {
        let (s3, database) = (S3::start(), PostgresDatabase::create());
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let started = [0, 1]
            .map(|number: usize| Process::spawn(&mut s3.program(folders[number].path(), &database, KEY)));
        Self { servers: started.map(Process::listening), _s3: s3, _database: database, _folders: folders }
    }

    fn stop(self) {
        for server in self.servers {
            let said = server.stop();
            let bad = |line: &&String| line.contains("ERROR") || line.contains("panicked");
            assert_eq!(said.iter().find(bad), None, "{said:#?}");
        }
    }
}

fn report(id: u64, name: &str) -> Request {
    let id = format!("01990000-0000-7000-8000-{id:012}");
    let body = json!({"report_id": id, "device_identifier": name, "results": {"cpu": {"score": 50.0}}});
    Request::report(body.to_string())
}

#[test]
fn reports_sent_to_one_are_known_to_the_other() {
    let service = Service::start();
    let [first, second] = &service.servers;
    for server in [first, second] {
        let health = server.send(&Request::new("GET", "/api/health"));
        assert_eq!(health.status, 200, "{}", health.text());
    }
    let stored = first.send(&report(1, "nas"));
    let again = second.send(&report(1, "nas"));
    assert_eq!((stored.status, again.status), (200, 200), "{} {}", stored.text(), again.text());
    for name in ["report_id", "device_id", "snapshot_id", "benchmark_id", "global_score"] {
        assert_eq!(stored.json()[name], again.json()[name], "{name}");
    }
    // The same ones, sent to both at once, by several.
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let address = service.servers[worker % 2].address;
            scope.spawn(move || {
                for id in 1..=20 {
                    let answer = crate::common::send(address, &report(id, "nas"));
                    assert_eq!(answer.status, 200, "{}", answer.text());
                }
            });
        }
    });
    for server in [first, second] {
        let list = server.send(&Request::new("GET", "/api/benchmarks")).json();
        assert_eq!(list["total"], 20);
        assert_eq!(server.send(&Request::new("GET", "/api/devices")).json()["total"], 1);
    }
    let other = with_json(
        "POST",
        "/api/benchmark",
        &json!({
            "report_id": "01990000-0000-7000-8000-000000000001", "device_identifier": "other",
        }),
    );
    assert_eq!(second.send(&other.token()).problem(), "report_id_conflict");
    let gone = Request::new("DELETE", &format!("/api/benchmarks/{}", stored.json()["benchmark_id"])).token();
    assert_eq!(first.send(&gone).status, 204);
    assert_eq!(second.send(&report(1, "nas")).status, 410);
    service.stop();
}

#[test]
fn documents_settings_and_changes_are_shared() {
    let service = Service::start();
    let [first, second] = &service.servers;
    let get = |server: &Process, path: &str| server.send(&Request::new("GET", path).token());
    let made = first.send(&with_json("POST", "/api/devices", &json!({"name": "nas"})).token());
    assert_eq!(made.status, 201, "{}", made.text());
    let device = made.json()["id"].clone();
    let change = with_json("PATCH", &format!("/api/devices/{device}"), &json!({"owner": "me"})).token();
    let tag = get(second, &format!("/api/devices/{device}")).header("etag").unwrap().to_owned();
    assert_eq!(second.send(&change.clone().header("If-Match", &tag)).status, 200);
    assert_eq!(first.send(&change.header("If-Match", &tag)).status, 412, "it was changed through the other");

    let form = Form::file("manual.txt", b"how it works").to(&format!("/api/devices/{device}/docs"));
    let document = added(&first.send(&form));
    let path = document["download_url"].as_str().unwrap();
    assert_eq!(get(second, path).body, b"how it works");

    let rename = with_json("PATCH", "/api/settings", &json!({"site_name": "The lab"})).token();
    assert_eq!(second.send(&rename).status, 200);
    assert_eq!(get(first, "/api/settings").json()["site_name"], "The lab");
    let [one, other] = [first, second].map(|server| get(server, "/api/changes").json());
    assert_eq!(one, other);
    assert_eq!(one["total"], 4, "{one}");
    service.stop();
}

#[test]
fn a_token_made_by_one_counts_at_the_other_until_it_is_revoked() {
    let service = Service::start();
    let [first, second] = &service.servers;
    let make = |name: &str| {
        let wanted = json!({"name": name, "scope": "write"});
        let made = first.send(&with_json("POST", "/api/tokens", &wanted).token());
        assert_eq!(made.status, 201, "{}", made.text());
        (made.json()["id"].clone(), made.json()["token"].as_str().unwrap().to_owned())
    };
    let ask = |server: &Process, token: &str| {
        server.send(&bearing(Request::new("GET", "/api/changes"), token)).status
    };
    let revoke = |server: &Process, id: &serde_json::Value| {
        let revoke = Request::new("DELETE", &format!("/api/tokens/{id}")).token();
        assert_eq!(server.send(&revoke).status, 204);
    };
    let (id, token) = make("laptop");
    assert_eq!((ask(first, &token), ask(second, &token)), (200, 200));
    revoke(second, &id);
    assert_eq!(ask(second, &token), 401);
    // Who saw it a moment ago may take it for some seconds more.
    let end = Instant::now() + Duration::from_secs(20);
    while ask(first, &token) == 200 {
        assert!(Instant::now() < end, "it still counts");
        std::thread::yield_now();
    }
    assert_eq!(ask(first, &token), 401);
    let (id, unseen) = make("desk");
    revoke(first, &id);
    assert_eq!(ask(second, &unseen), 401);
    service.stop();
}
