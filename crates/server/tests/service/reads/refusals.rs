//! What is not there, and what does not fit.

use server::config::{Secret, Settings};

use crate::common::{Request, Server};
use crate::engines::{PostgresDatabase, on_both_engines};
use crate::reports::{old_client, read, submit};

#[test]
fn what_is_not_there_is_404() {
    on_both_engines(|server| {
        for path in [
            "/api/devices/1",
            "/api/devices/1/benchmarks",
            "/api/devices/1/snapshots",
            "/api/benchmarks/1",
            "/api/benchmarks/1/raw",
            "/api/snapshots/1",
            "/api/devices/-1",
            "/api/devices/9223372036854775807",
            "/api/devices/9223372036854775808",
            "/api/devices/nas",
            "/api/devices/1/",
        ] {
            let answer = server.get(path);
            assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{path}");
        }
    });
}

#[test]
fn reading_is_all_that_these_addresses_take() {
    let server = Server::start();
    for path in ["/api/stats", "/api/devices/groups", "/api/devices/1/benchmarks", "/api/benchmarks/1/raw"] {
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let answer = server.send(&Request::new(method, path).token());
            assert_eq!((answer.status, answer.problem().as_str()), (405, "method_not_allowed"), "{path}");
            assert!(answer.header("allow").unwrap().contains("GET"), "{}", answer.head);
        }
    }
}

#[test]
fn a_parameter_that_does_not_fit_is_named() {
    on_both_engines(|server| {
        submit(server, &old_client("desk", "2024-03-01T12:00:00Z", 50.0));
        for (query, path) in [
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=x", "page"),
            ("page=4294967296", "page"),
            ("page_size=0", "page_size"),
            ("page_size=501", "page_size"),
            ("page_size=1&page_size=2", "page_size"),
            ("cursor=", "cursor"),
            ("cursor=zz", "cursor"),
            ("cursor=6e3a313a61&page=2", "cursor"),
            ("colour=red", "colour"),
            ("sort=colour", "sort"),
        ] {
            for list in
                ["/api/devices", "/api/benchmarks", "/api/devices/1/benchmarks", "/api/devices/1/snapshots"]
            {
                let answer = server.get(&format!("{list}?{query}"));
                assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{list}?{query}");
                assert_eq!(answer.json()["errors"][0]["path"], path, "{list}?{query}");
            }
        }
        for one in
            ["/api/stats", "/api/devices/1", "/api/benchmarks/1", "/api/benchmarks/1/raw", "/api/snapshots/1"]
        {
            let answer = server.get(&format!("{one}?colour=red"));
            assert_eq!(
                (answer.status, &answer.json()["errors"][0]["path"]),
                (422, &"colour".into()),
                "{one}"
            );
        }
    });
}

#[test]
fn a_cursor_fits_no_other_list() {
    on_both_engines(|server| {
        for name in ["a", "b"] {
            submit(server, &old_client(name, "2024-03-01T12:00:00Z", 50.0));
        }
        submit(server, &old_client("a", "2024-03-02T12:00:00Z", 50.0));
        submit(server, &old_client("b", "2024-03-02T12:00:00Z", 50.0));
        let lists =
            ["/api/devices", "/api/benchmarks", "/api/devices/1/benchmarks", "/api/devices/2/benchmarks"];
        for list in lists {
            let cursor = &read(server, &format!("{list}?page_size=1"))["next_cursor"];
            for other in lists {
                let answer = server.get(&format!("{other}?cursor={}", cursor.as_str().unwrap()));
                if list == other {
                    assert_eq!(answer.status, 200, "{}", answer.text());
                } else {
                    assert_eq!(
                        (answer.status, answer.paths()),
                        (422, vec!["cursor".to_owned()]),
                        "{list} {other}"
                    );
                }
            }
        }
    });
}

#[test]
fn a_database_that_went_away_is_503() {
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| Settings { database_url: url, ..settings });
    assert_eq!(server.get("/api/devices").status, 200);
    database.take_away();
    for path in ["/api/devices", "/api/benchmarks/1", "/api/stats", "/api/benchmarks/1/raw", "/"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"), "{path}");
        assert!(answer.header("retry-after").is_some(), "{path}");
    }
}
