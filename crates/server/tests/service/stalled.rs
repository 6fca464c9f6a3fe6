//! A PostgreSQL that says nothing: its tables are locked, or the network swallows everything. Whoever asks is told to come
//! back, nothing is half-written, and afterwards all is well again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::common::{Answer, Request, Server};
use crate::engines::PostgresDatabase;

/// Long enough for a busy machine, short enough for a test.
const PATIENCE: Duration = Duration::from_secs(2);
/// As many reads of one server go on at the same time.
const READERS: usize = 8;
const READS: [&str; 10] = [
    "/",
    "/devices/1-nas",
    "/api/stats",
    "/api/devices",
    "/api/devices/1",
    "/api/devices/1/benchmarks",
    "/api/benchmarks",
    "/api/benchmarks/1",
    "/api/benchmarks/1/raw",
    "/api/snapshots/1",
];

fn report(number: u32) -> Request {
    let body = json!({
        "report_id": format!("0199a000-0000-7000-8000-{number:012x}"), "device_identifier": "nas",
        "results": { "cpu": { "score": 100.0 }, "disk": { "score": 100.0, "read_mb_s": 500.0 } },
    });
    Request::report(body.to_string())
}

/// Asks all of that at once.
fn all_at_once(server: &Server, requests: &[Request]) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let asked: Vec<_> = requests.iter().map(|request| scope.spawn(|| server.send(request))).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// As a client does that is told to come back: again, but not for ever.
fn patiently(server: &Server, request: &Request) -> Answer {
    const TRIES: usize = 30;
    (1..TRIES)
        .map(|_| server.send(request))
        .find(|answer| answer.status != 503)
        .unwrap_or_else(|| server.send(request))
}

fn assert_told_to_come_back(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.header("retry-after").is_some(), "{}", answer.head);
    // A page answers people in their own words.
    if answer.header("content-type") == Some("application/problem+json") {
        assert_eq!(answer.problem(), "unavailable", "{}", answer.text());
    }
}

/// A connection to the database that is in nobody's way.
struct Session {
    runtime: Runtime,
    connection: PgConnection,
}

impl Session {
    fn open(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connection = runtime.block_on(PgConnection::connect(url)).unwrap();
        Self { runtime, connection }
    }

    fn run(&mut self, sql: &'static str) {
        self.runtime.block_on(sqlx::query(sql).execute(&mut self.connection)).unwrap();
    }

    fn number(&mut self, sql: impl Into<String>) -> i64 {
        let query = sqlx::query_scalar(AssertSqlSafe(sql.into()));
        self.runtime.block_on(query.fetch_one(&mut self.connection)).unwrap()
    }

    /// How many rows there are, per table; and how many benchmarks their device knows of.
    fn rows(&mut self) -> Vec<i64> {
        let tables =
            ["devices", "device_keys", "hardware_snapshots", "benchmarks", "raw_reports", "metric_values"];
        let mut rows: Vec<i64> =
            tables.iter().map(|table| self.number(format!("select count(*) from {table}"))).collect();
        rows.push(self.number("select cast(sum(benchmarks) as bigint) from devices"));
        rows
    }
}

#[test]
fn who_waits_for_a_lock_is_told_to_come_back() {
    let database = PostgresDatabase::create();
    let server = Server::on_postgres(&database.url, PATIENCE);
    assert_eq!(server.send(&report(1)).status, 200);
    let mut other = Session::open(&database.url);
    let before = other.rows();
    other.run("begin");
    other.run(
        "lock table devices, device_keys, hardware_snapshots, benchmarks, raw_reports, metric_values \
         in access exclusive mode",
    );
    let mut requests: Vec<Request> = READS.iter().map(|path| Request::new("GET", path)).collect();
    requests.push(report(2));
    let refused = all_at_once(&server, &requests);
    refused.iter().for_each(assert_told_to_come_back);
    other.run("rollback");
    assert_eq!(other.rows(), before, "nothing is half-written");
    let stored = patiently(&server, &report(2));
    assert_eq!(stored.status, 200, "{}", stored.text());
    for request in &requests {
        let answer = patiently(&server, request);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(patiently(&server, &report(2)).json(), stored.json(), "stored once");
    assert_eq!(other.number("select count(*) from benchmarks"), 2);
}

#[test]
fn a_silent_network_holds_nobody_and_its_lost_connections_hold_no_place() {
    let database = PostgresDatabase::create();
    let network = Network::before(&database.url);
    let server = Server::on_postgres(&network.url(&database.url), PATIENCE);
    assert_eq!(server.send(&report(1)).status, 200);
    let mut other = Session::open(&database.url);
    let before = other.rows();
    // Everybody is in the middle of a transaction when the line goes dead: all that may read, and the writer.
    let mut lock = Session::open(&database.url);
    lock.run("begin");
    lock.run("lock table metric_values in access exclusive mode");
    let mut requests = vec![Request::new("GET", "/api/benchmarks/1"); READERS];
    requests.push(report(2));
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| all_at_once(&server, &requests));
        let waiting = "select count(*) from pg_locks l join pg_database d on d.oid = l.database \
                       where d.datname = current_database() and not l.granted";
        // A very slow machine gives some of them up before the last one waits: they are told so all the same.
        while other.number(waiting) < i64::try_from(requests.len()).unwrap() && !asking.is_finished() {}
        network.fall_silent();
        lock.run("rollback");
        asking.join().unwrap().iter().for_each(assert_told_to_come_back);
    });
    let requests = [Request::new("GET", "/api/devices"), report(2)];
    all_at_once(&server, &requests).iter().for_each(assert_told_to_come_back);
    let health = server.get("/api/health");
    assert_eq!((health.status, health.paths()), (503, vec!["database".to_owned()]), "{}", health.text());
    assert_eq!(other.rows(), before, "nothing is half-written");
    network.come_back();
    let stored = patiently(&server, &report(2));
    assert_eq!(stored.status, 200, "the lost transaction keeps its locks: {}", stored.text());
    let read = patiently(&server, &Request::new("GET", "/api/benchmarks"));
    assert_eq!((read.status, read.json()["total"].as_i64()), (200, Some(2)), "{}", read.text());
    let twice: Vec<i64> = before.iter().map(|rows| rows * 2).collect();
    assert_eq!(
        other.rows()[3..],
        twice[3..],
        "benchmarks, raw reports, figures, and what the device knows of"
    );
    // Nor does a silent database keep the server from stopping: this waits for its end.
    network.fall_silent();
    drop(server);
}

/// The network in front of PostgreSQL, which can fall silent: nothing arrives any more, and nobody is told.
struct Network {
    address: SocketAddr,
    /// Cancelled when it falls silent.
    line: Arc<Mutex<CancellationToken>>,
    /// Ends, with every connection, when dropped.
    _runtime: Runtime,
}

impl Network {
    fn before(url: &str) -> Self {
        let options: PgConnectOptions = url.parse().unwrap();
        let folder = options.get_socket().expect("scripts/with-postgres.sh listens on a socket");
        let postgres = folder.join(format!(".s.PGSQL.{}", options.get_port()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let line: Arc<Mutex<CancellationToken>> = Arc::default();
        runtime.spawn(accept(listener, postgres, Arc::clone(&line)));
        Self { address, line, _runtime: runtime }
    }

    /// The same database, through this.
    fn url(&self, url: &str) -> String {
        let options: PgConnectOptions = url.parse().unwrap();
        format!("postgres://{}@{}/{}", options.get_username(), self.address, options.get_database().unwrap())
    }

    fn fall_silent(&self) {
        self.line.lock().unwrap().cancel();
    }

    /// For new connections: those of before stay lost, as behind a firewall that has forgotten them.
    fn come_back(&self) {
        *self.line.lock().unwrap() = CancellationToken::new();
    }
}

async fn accept(listener: TcpListener, postgres: PathBuf, line: Arc<Mutex<CancellationToken>>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let silent = line.lock().unwrap().clone();
        tokio::spawn(forward(client, postgres.clone(), silent));
    }
}

async fn forward(mut client: TcpStream, postgres: PathBuf, silent: CancellationToken) {
    let mut server = UnixStream::connect(postgres).await.unwrap();
    let copying = tokio::io::copy_bidirectional(&mut client, &mut server);
    if silent.run_until_cancelled(copying).await.is_none() {
        // Neither side learns that the other is gone.
        std::future::pending::<()>().await;
    }
}
