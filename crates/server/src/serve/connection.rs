//! One connection: HTTP/1.1 with limits on time and size.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::linger::{Lingering, Unread, Watched};
use crate::edge::Peer;

/// A head must arrive within this time, and an idle connection is closed after it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The first head must arrive within this time.
const FIRST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// When the server stops, a first head that is under way gets this long. Browsers open connections that
/// they may never use.
const FIRST_HEAD: Duration = Duration::from_millis(250);
/// Request line and headers together.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Read from a connection at a time.
const MAX_READ_BYTES: usize = 64 * 1024;

/// Answers requests until the client leaves or the server stops.
pub(super) async fn serve(
    stream: TcpStream,
    remote: SocketAddr,
    router: Router,
    stopping: CancellationToken,
) {
    let Ok(local) = stream.local_addr() else { return };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let peer = Peer { remote, local };
    let unread = Unread::default();
    let io = TokioIo::new(Lingering::new(stream, unread.clone()));
    let begun = AtomicBool::new(false);
    let service = service_fn(|request| {
        begun.store(true, Ordering::Relaxed);
        answer(request, peer, unread.clone(), router.clone())
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder.max_header_size(MAX_HEAD_BYTES).max_buf_size(MAX_READ_BYTES);
    let mut connection = pin!(builder.serve_connection(io, service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = nothing_asked(&begun) => return,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout(FIRST_HEAD, connection.as_mut()).await {
                Ok(ended) => ended,
                Err(_) if !begun.load(Ordering::Relaxed) => return,
                Err(_) => connection.await,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %remote, "connection ended");
    }
}

/// Returns when the first head is overdue. Connections that ask nothing take the seats of those that do.
async fn nothing_asked(begun: &AtomicBool) {
    tokio::time::sleep(FIRST_HEAD_TIMEOUT).await;
    if begun.load(Ordering::Relaxed) {
        std::future::pending().await
    }
}

async fn answer(
    request: Request<Incoming>,
    peer: Peer,
    unread: Unread,
    router: Router,
) -> Result<Response<Body>, Infallible> {
    unread.forget();
    let mut request = request.map(|body| Body::new(Watched::new(body, unread)));
    request.extensions_mut().insert(peer);
    router.oneshot(request).await
}
