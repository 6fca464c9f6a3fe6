//! The load: connections that send one report after the other, all in one thread, so that most of the processor is left to
//! the server.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use report::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::reports;
use crate::clock;
use crate::server::TOKEN;
use crate::stats::percentile;

/// Answers of this time at the beginning are not counted: devices are made, and caches fill.
const WARM_UP: Duration = Duration::from_millis(500);
/// An answer that takes longer is an error.
const PATIENCE: Duration = Duration::from_secs(10);
const ANSWER_BYTES: usize = 16 * 1024;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// Reports answered with 200, the warm-up included: so many must be in the database.
    pub(crate) stored: u64,
    /// Reports per second after the warm-up.
    pub(crate) per_second: f64,
    /// Median time from sending to the answer, milliseconds.
    pub(crate) p50_ms: f64,
    /// What 99 % stay below, milliseconds.
    pub(crate) p99_ms: f64,
    /// Anything but an answer 200 with the report's own id.
    pub(crate) errors: u64,
    /// The first of them.
    pub(crate) first_error: Option<String>,
}

/// One prepared request for each device, ready but for the id.
pub(crate) struct Requests {
    requests: Vec<(Vec<u8>, usize)>,
}

impl Requests {
    /// Makes them for the server at `address`.
    pub(crate) fn new(address: SocketAddr, sent_at: Timestamp) -> Self {
        let request = |device| {
            let body = reports::body(device, sent_at);
            let mut request = format!(
                "POST /api/benchmark HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\n\
                 Content-Type: application/json\r\nX-Sent-At: {sent_at}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )
            .into_bytes();
            let start = request.len();
            request.extend(body);
            (request, start)
        };
        Self { requests: (0..reports::DEVICES).map(request).collect() }
    }
}

/// Sends over so many connections for so long.
pub(crate) fn run(address: SocketAddr, connections: u32, length: Duration) -> anyhow::Result<Outcome> {
    let requests = Rc::new(Requests::new(address, clock::now()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let from = Instant::now() + WARM_UP;
    let window = (from, from + length);
    let seen = LocalSet::new().block_on(&runtime, async {
        let sender = |number| {
            let requests = Rc::clone(&requests);
            tokio::task::spawn_local(async move {
                let mut seen = Seen::default();
                if let Err(error) = send(address, &requests, number, window, &mut seen).await {
                    seen.errors += 1;
                    seen.first_error = Some(format!("{error:#}"));
                }
                seen
            })
        };
        let senders: Vec<_> = (0..connections as usize).map(sender).collect();
        let mut all = Seen::default();
        for sender in senders {
            all.add(sender.await?);
        }
        anyhow::Ok(all)
    })?;
    Ok(Outcome {
        stored: seen.stored,
        per_second: seen.latencies_ms.len() as f64 / length.as_secs_f64(),
        p50_ms: percentile(&seen.latencies_ms, 50).unwrap_or_default(),
        p99_ms: percentile(&seen.latencies_ms, 99).unwrap_or_default(),
        errors: seen.errors,
        first_error: seen.first_error,
    })
}

#[derive(Default)]
struct Seen {
    stored: u64,
    /// Of the answers that came within the window.
    latencies_ms: Vec<f64>,
    errors: u64,
    first_error: Option<String>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.stored += other.stored;
        self.latencies_ms.extend(other.latencies_ms);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }
}

/// One connection: ends with the window, or at the first error.
async fn send(
    address: SocketAddr,
    requests: &Requests,
    number: usize,
    (from, to): (Instant, Instant),
    seen: &mut Seen,
) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await.context("cannot connect")?;
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    let mut answer = vec![0; ANSWER_BYTES];
    // Neighbouring connections are at different devices, and each meets all of them.
    let mut device = number * 5;
    loop {
        let (prepared, start) = &requests.requests[device % reports::DEVICES];
        device += 1;
        request.clear();
        request.extend_from_slice(prepared);
        let id = uuid::Uuid::now_v7();
        reports::set_id(&mut request, *start, &id);
        let begun = Instant::now();
        stream.write_all(&request).await?;
        let length = tokio::time::timeout(PATIENCE, receive(&mut stream, &mut answer))
            .await
            .with_context(|| format!("no answer within {} s", PATIENCE.as_secs()))??;
        let ended = Instant::now();
        check(&answer[..length], &id)?;
        seen.stored += 1;
        if ended > to {
            return Ok(());
        }
        if ended >= from {
            seen.latencies_ms.push((ended - begun).as_secs_f64() * 1e3);
        }
    }
}

/// Reads one answer; its length in `buffer`.
async fn receive(stream: &mut TcpStream, buffer: &mut [u8]) -> anyhow::Result<usize> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            bail!("the server closed the connection: {}", String::from_utf8_lossy(&buffer[..filled]));
        }
        filled += read;
        if let Some(length) = length(&buffer[..filled])?
            && filled >= length
        {
            return Ok(filled);
        }
    }
}

/// The length of the answer that begins here, once its head is complete.
pub(crate) fn length(answer: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(head) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&answer[..head]).context("the head of the answer is no text")?;
    let mut fields = text.split("\r\n").filter_map(|line| line.split_once(':'));
    let field = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, value) = field.context("an answer without Content-Length")?;
    Ok(Some(head + 4 + value.trim().parse::<usize>().context("a Content-Length that is no number")?))
}

/// Only 200 with this very report's id counts.
fn check(answer: &[u8], id: &uuid::Uuid) -> anyhow::Result<()> {
    let mut text = [0; 36];
    let id = id.hyphenated().encode_lower(&mut text).as_bytes();
    if answer.starts_with(b"HTTP/1.1 200 ") && answer.windows(id.len()).any(|bytes| bytes == id) {
        return Ok(());
    }
    bail!("refused: {}", String::from_utf8_lossy(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_answer_is_found() {
        assert_eq!(length(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n").unwrap(), None);
        assert_eq!(length(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap(), Some(40));
        assert!(length(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn only_the_own_id_counts() {
        let id = uuid::Uuid::from_u128(9);
        let answer = format!("HTTP/1.1 200 OK\r\n\r\n{{\"report_id\":\"{id}\"}}");
        assert!(check(answer.as_bytes(), &id).is_ok());
        assert!(check(answer.as_bytes(), &uuid::Uuid::from_u128(8)).is_err());
        assert!(check(answer.replace("200", "503").as_bytes(), &id).is_err());
    }
}
