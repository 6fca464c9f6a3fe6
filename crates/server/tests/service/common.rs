//! A real server on a port of its own, and a client that sends exactly the bytes it is told to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use server::config::{Config, Secret, Settings};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The token of every server here.
pub(crate) const TOKEN: &str = "a-token-for-tests";

/// A server on SQLite in a folder of its own; stopped, and the folder removed, when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Removed when the server is dropped.
    folder: TempDir,
    shutdown: CancellationToken,
    thread: Option<JoinHandle<Result<(), server::ServeError>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(|settings, _| settings)
    }

    /// With settings changed; the second argument is the folder, where `agent/` is the folder of agents.
    pub(crate) fn with(change: impl FnOnce(Settings, &Path) -> Settings) -> Self {
        Self::configured(change, |config| config)
    }

    /// On that PostgreSQL, which gets no more than `patience` to answer.
    pub(crate) fn on_postgres(url: &str, patience: Duration) -> Self {
        let settings =
            |settings, _: &Path| Settings { database_url: Some(Secret::new(url.to_owned())), ..settings };
        Self::configured(settings, |config| Config { database_patience: patience, ..config })
    }

    fn configured(
        change: impl FnOnce(Settings, &Path) -> Settings,
        adjust: impl FnOnce(Config) -> Config,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:///{}", folder.path().join("data.db").display());
        let settings = Settings {
            api_token: Some(Secret::new(TOKEN)),
            database_url: Some(Secret::new(database)),
            upload_dir: Some(folder.path().join("uploads").display().to_string()),
            ..Settings::default()
        };
        let program = folder.path().join("benchtools-server");
        let config = adjust(change(settings, folder.path()).validate(&program).unwrap());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.unwrap().block_on(async {
                server::serve(tokio::net::TcpListener::from_std(listener).unwrap(), config, stop).await
            })
        });
        Self { address, folder, shutdown, thread: Some(thread) }
    }

    /// Where its database lies.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    /// A whole exchange on a connection of its own.
    pub(crate) fn send(&self, request: &Request) -> Answer {
        send(self.address, request)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(&Request::new("GET", path))
    }
}

/// A connection that gives up rather than hang a test.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A whole exchange on a connection of its own.
pub(crate) fn send(address: SocketAddr, request: &Request) -> Answer {
    let mut stream = connect(address);
    stream.write_all(&request.bytes(address)).unwrap();
    Answer::try_read_to(&mut stream, request.method == "HEAD").unwrap()
}

/// Longer than anything takes that is not stuck.
const PATIENCE: Duration = Duration::from_secs(20);

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap().unwrap();
            }
        }
    }
}

/// A request, byte for byte.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: String,
    path: String,
    host: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Self { method, path, host: None, headers: Vec::new(), body: Vec::new() }
    }

    /// A report on its way in, with the token.
    pub(crate) fn report(body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", "/api/benchmark").token().header("Content-Type", "application/json").body(body)
    }

    /// With the token of the servers here.
    pub(crate) fn token(self) -> Self {
        self.header("Authorization", &format!("Bearer {TOKEN}"))
    }

    /// With a body and its length.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.header("Content-Length", &length)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    pub(crate) fn bytes(&self, address: SocketAddr) -> Vec<u8> {
        let host = self.host.clone().unwrap_or_else(|| address.to_string());
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads one answer from the connection, by its Content-Length, its chunks, or to the end.
    pub(crate) fn read(stream: &mut impl Read) -> Self {
        Self::try_read(stream).unwrap()
    }

    pub(crate) fn try_read(stream: &mut impl Read) -> std::io::Result<Self> {
        Self::try_read_to(stream, false)
    }

    /// An answer to HEAD says how long its body would be, and has none.
    fn try_read_to(stream: &mut impl Read, bodiless: bool) -> std::io::Result<Self> {
        let mut bytes = Vec::new();
        let mut piece = vec![0; 64 * 1024];
        let end = loop {
            if let Some(end) = find(&bytes, b"\r\n\r\n") {
                break end;
            }
            match stream.read(&mut piece)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                read => bytes.extend_from_slice(&piece[..read]),
            }
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Self { status, head, body: bytes[end + 4..].to_vec() };
        let no_body = bodiless || matches!(status, 204 | 304);
        while !no_body && !answer.is_whole() {
            match stream.read(&mut piece)? {
                0 => break,
                read => answer.body.extend_from_slice(&piece[..read]),
            }
        }
        if answer.is_chunked() {
            answer.body = unchunk(&answer.body);
        }
        Ok(answer)
    }

    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding") == Some("chunked")
    }

    fn is_whole(&self) -> bool {
        match self.header("content-length") {
            Some(length) => self.body.len() >= length.parse::<usize>().unwrap(),
            None => self.is_chunked() && self.body.ends_with(b"0\r\n\r\n"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The paths that a refusal names.
    pub(crate) fn paths(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["path"].as_str().unwrap().to_owned()).collect()
    }

    /// Checks that this is a refusal in the one form, and gives its code.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.head);
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        for name in ["type", "title", "detail", "instance", "code", "request_id"] {
            assert!(problem[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {problem}");
        }
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        problem["code"].as_str().unwrap().to_owned()
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = find(bytes, b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 2 + size + 2..];
        if size == 0 {
            break;
        }
    }
    whole
}
