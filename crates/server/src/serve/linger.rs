//! A socket that is patient with clients, but not for ever.
//!
//! A refusal may leave while the client is still sending. Closing then makes the kernel answer what
//! arrives next with a reset, and the client sees a broken pipe in place of the refusal. So our end says
//! that it is done, and goes on reading for a while, into nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// A client that sends on gets this long.
const LINGER: Duration = Duration::from_secs(2);
/// And may send this much, bytes: as much again as the largest body that is taken.
const LINGER_BYTES: usize = crate::body::LIMIT_BYTES;

/// A client that takes nothing of an answer for this long is gone. TCP alone would wait for ever.
const STALL: Duration = Duration::from_secs(60);

/// Set when a request's body was left before its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread(Arc<AtomicBool>);

impl Unread {
    /// A next request came: so the body before it was read to its end after all, by hyper.
    pub(super) fn forget(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// A request body that notes when it is dropped before its end.
pub(super) struct Watched {
    body: Incoming,
    unread: Unread,
}

impl Watched {
    pub(super) fn new(body: Incoming, unread: Unread) -> Self {
        Self { body, unread }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.body.is_end_stream() {
            self.unread.0.store(true, Ordering::Relaxed);
        }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket that reads on for a while when it is shut down with a body unread, and gives up on a client that
/// does not read.
pub(super) struct Lingering<S> {
    stream: S,
    unread: Unread,
    closing: Option<Closing>,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// What is left of the patience.
struct Closing {
    until: Pin<Box<Sleep>>,
    bytes: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Lingering<S> {
    pub(super) fn new(stream: S, unread: Unread) -> Self {
        Self { stream, unread, closing: None, stalled: None }
    }

    /// Passes on what came of a write, and ends a wait that is too long.
    fn bounded(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALL)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads into nothing until the client is done or the patience is.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closing = self.closing.get_or_insert_with(|| Closing {
            until: Box::pin(tokio::time::sleep(LINGER)),
            bytes: LINGER_BYTES,
        });
        let mut sink = [0; 16 * 1024];
        loop {
            if closing.until.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut sink);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            let read = buffer.filled().len();
            if read == 0 || read >= closing.bytes {
                return Poll::Ready(Ok(()));
            }
            closing.bytes -= read;
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.bounded(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.closing.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            if !self.unread.0.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        self.poll_drain(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_given_up() {
        let (ours, _theirs) = duplex(16);
        let began = Instant::now();
        let error = Lingering::new(ours, Unread::default()).write_all(&[0; 17]).await.unwrap_err();
        assert_eq!((error.kind(), began.elapsed()), (io::ErrorKind::TimedOut, STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_one_is_not() {
        let (ours, mut theirs) = duplex(16);
        let slowly = async {
            for _ in 0..100 {
                tokio::time::sleep(STALL / 2).await;
                theirs.read_u8().await.unwrap();
            }
        };
        let mut ours = Lingering::new(ours, Unread::default());
        let (written, ()) = tokio::join!(ours.write_all(&[0; 116]), slowly);
        written.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_refusal_it_reads_on_for_a_while() {
        let (ours, theirs) = duplex(16);
        let unread = Unread::default();
        let mut ours = Lingering::new(ours, unread.clone());
        unread.0.store(true, Ordering::Relaxed);
        let began = Instant::now();
        ours.shutdown().await.unwrap();
        assert_eq!(began.elapsed(), LINGER, "while the client neither sends nor leaves");
        drop(theirs);

        let (ours, mut theirs) = duplex(1 << 20);
        let mut ours = Lingering::new(ours, unread);
        let flood = async { while theirs.write_all(&[0; 1 << 16]).await.is_ok() {} };
        let drained = async {
            ours.shutdown().await.unwrap();
            drop(ours);
        };
        let began = Instant::now();
        tokio::join!(flood, drained);
        assert_eq!(began.elapsed(), Duration::ZERO, "a flood ends by its size");
    }
}
