//! A small HTTP server on a thread of its own, and the agent as people start it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tempfile::TempDir;

/// The token that the tests' servers accept.
pub(crate) const TOKEN: &str = "t0ken-of-the-tests";

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A header's value, or "".
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn report(&self) -> report::Report {
        report::parse(&self.body).unwrap()
    }
}

/// An answer to send.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    /// Where the server leads on to; empty where it does not.
    pub(crate) location: String,
}

impl Answer {
    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self {
            status: 200,
            kind: "application/json",
            body: body.into().into_bytes(),
            location: String::new(),
        }
    }

    pub(crate) fn html() -> Self {
        Self {
            status: 200,
            kind: "text/html",
            body: b"<html>Please log in</html>".to_vec(),
            location: String::new(),
        }
    }

    pub(crate) fn problem(status: u16, code: &str) -> Self {
        let body = format!(r#"{{"status":{status},"code":"{code}","detail":"because of {code}"}}"#);
        Self { status, kind: "application/problem+json", body: body.into_bytes(), location: String::new() }
    }

    pub(crate) fn bytes(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, kind: "application/octet-stream", body: body.into(), location: String::new() }
    }
}

/// What a server of ours answers.
pub(crate) fn ours(request: &Request) -> Answer {
    if request.header("authorization") != format!("Bearer {TOKEN}") {
        return Answer::problem(401, "unauthorized");
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/api/agent/config") => Answer::json(format!(
            r#"{{"fleet_key":"{}","server_version":"0.1.0","time":"2026-03-01T12:00:00Z"}}"#,
            "0f".repeat(32)
        )),
        ("POST", "/api/benchmark") => Answer::json(format!(
            r#"{{"status":"ok","report_id":"{}","device_id":1,"global_score":null,"coverage":0.0,
                "verdict":"valid","url":"http://bench.lan/devices/1-x"}}"#,
            request.report().report_id.unwrap()
        )),
        _ => Answer::problem(404, "not_found"),
    }
}

/// A running server; it ends when it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (log, stopped) = (Arc::clone(&seen), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            std::thread::scope(|scope| {
                for stream in listener.incoming() {
                    if stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let (answer, log) = (&answer, &log);
                    // A client that goes away in the middle is its own business.
                    scope.spawn(move || stream.and_then(|stream| serve(stream, answer, log)).ok());
                }
            });
        });
        Self { port, seen, stop, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The reports that were posted.
    pub(crate) fn posted(&self) -> Vec<Request> {
        self.seen().into_iter().filter(|request| request.method == "POST").collect()
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        drop(self.thread.take().unwrap().join());
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &(impl Fn(&Request) -> Answer + ?Sized),
    log: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request { method, path, headers, body: Vec::new() };
    let length = request.header("content-length").parse().unwrap_or(0);
    reader.take(length).read_to_end(&mut request.body)?;
    let answer = answer(&request);
    log.lock().unwrap().push(request);
    let (status, kind, length) = (answer.status, answer.kind, answer.body.len());
    let location = match answer.location.as_str() {
        "" => String::new(),
        location => format!("Location: {location}\r\n"),
    };
    write!(
        stream,
        "HTTP/1.1 {status} Status\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{location}Connection: close\r\n\r\n"
    )?;
    stream.write_all(&answer.body)
}

/// An address where nobody listens.
pub(crate) fn dead_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A machine with an empty state folder.
pub(crate) struct Machine {
    pub(crate) folder: TempDir,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The agent, ready to start: nothing of the tests' own environment but the path.
    pub(crate) fn agent(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(agent_file());
        command.args(arguments).env_clear().current_dir(self.folder.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("XDG_STATE_HOME", self.folder.path()).env("API_TOKEN", TOKEN);
        command
    }

    /// Runs an inventory, which takes no time, and sends it to `server`.
    pub(crate) fn report_to(&self, server: &str) -> Output {
        self.agent(&["run", "--inventory", "--device", "tested", "--server", server]).output().unwrap()
    }

    pub(crate) fn spool(&self) -> PathBuf {
        self.folder.path().join("benchtools/spool")
    }

    /// The files that wait.
    pub(crate) fn waiting(&self) -> Vec<PathBuf> {
        reports_in(&self.spool())
    }

    pub(crate) fn set_aside(&self) -> Vec<PathBuf> {
        reports_in(&self.spool().join("set-aside"))
    }
}

/// The agent's program file.
pub(crate) fn agent_file() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_benchtools"))
}

fn reports_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = files.map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "report")).collect()
}

/// What the program said, for messages of tests.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}\n{}", output.status, text(&output.stdout), text(&output.stderr))
}
