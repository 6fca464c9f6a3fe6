//! Two servers on one PostgreSQL: a cursor passes no row that another server has yet to commit.

use std::time::{Duration, Instant};

use serde_json::Value;
use server::config::{Secret, Settings};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _};

use crate::common::{Request, Server};
use crate::engines::PostgresDatabase;
use crate::reports::{old_client, read, submit};

fn ids(list: &Value) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

/// What stands in the way of whoever stores the benchmark with that id, until it is dropped.
struct Obstacle {
    runtime: tokio::runtime::Runtime,
    connection: PgConnection,
}

impl Obstacle {
    fn before(url: &str, benchmark: i64) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connection = runtime.block_on(async {
            let mut connection = PgConnection::connect(url).await.unwrap();
            // Without the check of the benchmark, which is not there yet.
            for sql in [
                "begin".to_owned(),
                "set local session_replication_role = replica".to_owned(),
                format!("insert into raw_reports (benchmark_id, body_zstd) values ({benchmark}, '')"),
            ] {
                connection.execute(AssertSqlSafe(sql)).await.unwrap();
            }
            connection
        });
        Self { runtime, connection }
    }

    /// Returns when somebody waits for it.
    fn wait_for_somebody(&mut self) {
        let until = Instant::now() + Duration::from_secs(20);
        let sql = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
        let mut waiting = 0;
        while waiting == 0 {
            assert!(Instant::now() < until, "nobody came");
            let row = self.runtime.block_on(self.connection.fetch_one(sql)).unwrap();
            waiting = row.get::<i64, _>(0);
        }
    }

    fn goes(self) {
        self.runtime.block_on(self.connection.close()).unwrap();
    }
}

#[test]
fn a_row_that_is_committed_late_is_not_passed() {
    let database = PostgresDatabase::create();
    let server = || {
        let url = Some(Secret::new(database.url.clone()));
        Server::with(|settings, _| Settings { database_url: url, ..settings })
    };
    let (one, other) = (server(), server());
    for (name, hour) in [("a", 10), ("b", 11), ("c", 12)] {
        submit(&one, &old_client(name, &format!("2024-03-01T{hour}:00:00Z"), 50.0));
    }
    let mut obstacle = Obstacle::before(&database.url, 4);
    let report = old_client("late", "2024-03-01T13:00:00Z", 50.0).to_string();
    std::thread::scope(|scope| {
        let late = scope.spawn(|| one.send(&Request::report(report)));
        obstacle.wait_for_somebody();
        // Benchmark 4 is written and not committed; 5, which is newer, is stored and answered.
        assert_eq!(submit(&other, &old_client("d", "2024-03-01T14:00:00Z", 50.0))["benchmark_id"], 5);
        for server in [&other, &one] {
            assert_eq!(
                ids(&read(server, "/api/benchmarks?page=1")),
                [5, 3, 2, 1],
                "pages show what is there"
            );
            let walk = read(server, "/api/benchmarks?page_size=2");
            assert_eq!(ids(&walk), [3, 2], "and cursors what is settled");
        }
        let begun = read(&other, "/api/benchmarks?page_size=2");
        obstacle.goes();
        assert_eq!(late.join().unwrap().json()["benchmark_id"], 4);
        let cursor = begun["next_cursor"].as_str().unwrap();
        assert_eq!(ids(&read(&other, &format!("/api/benchmarks?page_size=2&cursor={cursor}"))), [1]);
    });
    for server in [&one, &other] {
        assert_eq!(ids(&read(server, "/api/benchmarks")), [5, 4, 3, 2, 1], "nobody is missed");
    }
}

#[test]
fn what_was_given_up_holds_nothing_back() {
    let database = PostgresDatabase::create();
    let url = Some(Secret::new(database.url.clone()));
    let server = Server::with(|settings, _| Settings { database_url: url, ..settings });
    submit(&server, &old_client("a", "2024-03-01T10:00:00Z", 50.0));
    // An id that was taken and never used.
    crate::engines::execute(&database.url, "select nextval('benchmarks_id_seq')".to_owned());
    submit(&server, &old_client("b", "2024-03-01T11:00:00Z", 50.0));
    assert_eq!(ids(&read(&server, "/api/benchmarks")), [3, 1]);
}
