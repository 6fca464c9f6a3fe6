//! The load: connections that ask for one address after the other, all in one thread, so that most of the processor is left to
//! the server.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::ingest::load::length;
use crate::stats::percentile;

/// Answers of this time at the beginning are not counted: statements are prepared, and caches fill.
const WARM_UP: Duration = Duration::from_millis(300);
/// An answer that takes longer is an error.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// Answers per second after the warm-up.
    pub(crate) per_second: f64,
    /// What 99 % stay below, milliseconds.
    pub(crate) p99_ms: f64,
    /// Bytes of the last answer, its head included.
    pub(crate) bytes: usize,
}

/// Asks for the paths in turn, over so many connections, for so long. Anything but 200 ends it.
pub(crate) fn run(
    address: SocketAddr,
    paths: &[String],
    connections: usize,
    length: Duration,
) -> anyhow::Result<Outcome> {
    let request = |path: &String| format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes();
    let requests: Rc<Vec<Vec<u8>>> = Rc::new(paths.iter().map(request).collect());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let from = Instant::now() + WARM_UP;
    let window = (from, from + length);
    LocalSet::new().block_on(&runtime, async {
        let asker = |number| tokio::task::spawn_local(ask(address, Rc::clone(&requests), number, window));
        let askers: Vec<_> = (0..connections).map(asker).collect();
        let (mut all, mut bytes) = (Vec::new(), 0);
        for asker in askers {
            let (latencies_ms, last) = asker.await??;
            all.extend(latencies_ms);
            bytes = last;
        }
        let p99_ms = percentile(&all, 99).unwrap_or_default();
        Ok(Outcome { per_second: all.len() as f64 / length.as_secs_f64(), p99_ms, bytes })
    })
}

/// One connection: the times of its answers within the window, and how long the last one is.
async fn ask(
    address: SocketAddr,
    requests: Rc<Vec<Vec<u8>>>,
    number: usize,
    (from, to): (Instant, Instant),
) -> anyhow::Result<(Vec<f64>, usize)> {
    let mut stream = TcpStream::connect(address).await.context("cannot connect")?;
    stream.set_nodelay(true)?;
    let mut latencies_ms = Vec::new();
    let mut answer = vec![0; 256 * 1024];
    let mut next = number * 7;
    loop {
        let begun = Instant::now();
        stream.write_all(&requests[next % requests.len()]).await?;
        next += 1;
        let bytes = tokio::time::timeout(PATIENCE, receive(&mut stream, &mut answer))
            .await
            .context("no answer")??;
        let ended = Instant::now();
        if !answer.starts_with(b"HTTP/1.1 200 ") {
            bail!("refused: {}", String::from_utf8_lossy(&answer[..bytes.min(1_000)]));
        }
        if ended > to {
            return Ok((latencies_ms, bytes));
        }
        if ended >= from {
            latencies_ms.push((ended - begun).as_secs_f64() * 1e3);
        }
    }
}

/// Reads one answer into `buffer`, which grows to hold it; its length.
async fn receive(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<usize> {
    let (mut filled, mut whole) = (0, None);
    loop {
        if filled == buffer.len() {
            buffer.resize(2 * filled, 0);
        }
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            bail!("the server closed the connection");
        }
        filled += read;
        if whole.is_none() {
            whole = length(&buffer[..filled])?;
        }
        if whole.is_some_and(|whole| filled >= whole) {
            return Ok(filled);
        }
    }
}
