//! The reference: a server that does nothing but answer the same bytes, as fast as this machine moves them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::load::{self, Outcome};

/// Answers per second of a server that has the answer ready, `bytes` long.
pub(super) fn run(bytes: usize, connections: usize, length: Duration) -> anyhow::Result<Outcome> {
    let head = |body: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {body}\r\n\r\n");
    let body = bytes.saturating_sub(head(bytes).len());
    let mut answer = head(body).into_bytes();
    answer.resize(answer.len() + body, b'x');
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))))?;
    let address = listener.local_addr()?;
    let answer: Arc<[u8]> = answer.into();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_all(stream, Arc::clone(&answer)));
        }
    });
    let outcome = load::run(address, &["/".to_owned()], connections, length);
    runtime.shutdown_background();
    outcome
}

/// One connection. The load sends a request at a time, and each in one piece.
async fn answer_all(mut stream: TcpStream, answer: Arc<[u8]>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = [0; 4096];
    while stream.read(&mut request).await? > 0 {
        stream.write_all(&answer).await?;
    }
    Ok(())
}
