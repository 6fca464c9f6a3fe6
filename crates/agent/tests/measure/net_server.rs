//! The server's side of the network test, small: one place, round trips, and bytes in both directions.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

pub(crate) const TOKEN: &str = "t0ken-of-the-tests";

/// How the server behaves.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manner {
    /// So many questions for the place are answered with "taken".
    pub(crate) taken: u64,
    /// It has no network test.
    pub(crate) old: bool,
    /// Downloads break off after some bytes.
    pub(crate) breaks: bool,
    /// It allows more than the test may move.
    pub(crate) generous: bool,
    /// It and its client have different addresses.
    pub(crate) elsewhere: bool,
}

/// What was asked of it.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) asked: AtomicU64,
    pub(crate) pings: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) received: AtomicU64,
    pub(crate) given_back: AtomicU64,
}

/// A running server; it ends when it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) seen: Arc<Seen>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, stop) = (Arc::new(Seen::default()), Arc::new(AtomicBool::new(false)));
        let (log, stopped) = (Arc::clone(&seen), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let log = Arc::clone(&log);
                // A client that goes away in the middle is its own business.
                thread::spawn(move || stream.and_then(|stream| serve(&stream, manner, &log)).ok());
            }
        });
        Self { port, seen, stop, thread: Some(thread) }
    }

    /// A plan that measures to this server.
    pub(crate) fn plan(&self) -> serde_json::Value {
        serde_json::json!({
            "preset": "short",
            "budget": {"secs": 1, "nanos": 0},
            "server": {"url": format!("http://127.0.0.1:{}", self.port), "token": TOKEN, "ca_file": null},
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        drop(self.thread.take().unwrap().join());
    }
}

struct Head {
    start: String,
    headers: Vec<(String, String)>,
}

impl Head {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

fn serve(stream: &TcpStream, manner: Manner, seen: &Seen) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, stream);
    let mut writer = stream;
    while let Some(head) = head(&mut reader)? {
        let received = body(&head, &mut reader)?;
        let words: Vec<&str> = head.start.split_whitespace().collect();
        // To a proxy the whole address is named.
        let path = words.get(1).and_then(|path| path.split_once("/api/net/v1/")).map_or("", |(_, name)| name);
        let path = path.to_owned();
        let in_slot = head.header("x-net-slot") == "5107";
        if head.header("authorization") != format!("Bearer {TOKEN}") {
            answer(&mut writer, 401, "")?;
            continue;
        }
        match (words.first().copied().unwrap_or_default(), path.as_str()) {
            _ if manner.old => answer(&mut writer, 404, "")?,
            ("POST", "slot") if seen.asked.fetch_add(1, Ordering::SeqCst) < manner.taken => {
                answer(&mut writer, 429, "")?;
            }
            ("POST", "slot") => {
                let (client, server) = if manner.elsewhere {
                    ("198.51.100.7", "203.0.113.1")
                } else {
                    ("127.0.0.1", "127.0.0.1")
                };
                let max_bytes: u64 = if manner.generous { 1 << 50 } else { 60_000_000 };
                let granted = serde_json::json!({
                    "slot": "5107", "expires_in_ms": 60_000, "max_bytes": max_bytes,
                    "client_address": client, "server_address": server,
                });
                answer(&mut writer, 200, &granted.to_string())?;
            }
            _ if !in_slot => answer(&mut writer, 409, "")?,
            ("DELETE", "slot") => {
                seen.given_back.fetch_add(1, Ordering::SeqCst);
                answer(&mut writer, 204, "")?;
            }
            ("GET", "ping") => {
                seen.pings.fetch_add(1, Ordering::SeqCst);
                answer(&mut writer, 204, "")?;
            }
            ("POST", "upload") => {
                seen.received.fetch_add(received, Ordering::SeqCst);
                answer(&mut writer, 200, &format!(r#"{{"bytes":{received}}}"#))?;
            }
            ("GET", download) => {
                let bytes = download.trim_start_matches("download?bytes=").parse().unwrap();
                write!(writer, "HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n")?;
                let bytes = if manner.breaks { 1000 } else { bytes };
                seen.sent.fetch_add(bytes, Ordering::SeqCst);
                std::io::copy(&mut std::io::repeat(7).take(bytes), &mut writer)?;
                if manner.breaks {
                    return Ok(());
                }
            }
            _ => answer(&mut writer, 405, "")?,
        }
    }
    Ok(())
}

fn answer(writer: &mut &TcpStream, status: u16, body: &str) -> std::io::Result<()> {
    let retry = if status == 429 { "Retry-After: 1\r\n" } else { "" };
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let text =
        format!("HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\n{retry}{length}\r\n{body}");
    writer.write_all(text.as_bytes())
}

/// `None` when the client has closed the connection.
fn head(reader: &mut BufReader<&TcpStream>) -> std::io::Result<Option<Head>> {
    let mut start = String::new();
    if reader.read_line(&mut start)? == 0 {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else {
            return Ok(Some(Head { start, headers }));
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

/// Reads a body to its end; returns its length.
fn body(head: &Head, reader: &mut BufReader<&TcpStream>) -> std::io::Result<u64> {
    if !head.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
        let length = head.header("content-length").parse().unwrap_or(0);
        return std::io::copy(&mut reader.take(length), &mut std::io::sink());
    }
    let mut sum = 0;
    loop {
        let mut size = String::new();
        reader.read_line(&mut size)?;
        let size = u64::from_str_radix(size.trim(), 16).map_err(std::io::Error::other)?;
        sum += std::io::copy(&mut reader.take(size), &mut std::io::sink())?;
        reader.read_line(&mut String::new())?;
        if size == 0 {
            return Ok(sum);
        }
    }
}
