//! A stream that gives one piece at a time, however much is there.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

/// After each piece it says once that there is none yet. Who reads until that is said, as `multer` does, would hold a whole
/// file in memory if it came faster than it is written.
pub(super) struct Paced<S> {
    stream: S,
    /// Nothing was said since the last piece.
    pauses: bool,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, pauses: false }
    }
}

impl<S: Stream + Unpin> Stream for Paced<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        if self.pauses {
            self.pauses = false;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut self.stream).poll_next(context);
        self.pauses = matches!(polled, Poll::Ready(Some(_)));
        polled
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::{StreamExt as _, stream};

    use super::*;

    #[test]
    fn after_each_piece_comes_a_pause() {
        let mut paced = Paced::new(stream::iter([1, 2]));
        let mut context = Context::from_waker(Waker::noop());
        let mut next = || Pin::new(&mut paced).poll_next(&mut context);
        assert_eq!([next(), next()], [Poll::Ready(Some(1)), Poll::Pending]);
        assert_eq!([next(), next(), next()], [Poll::Ready(Some(2)), Poll::Pending, Poll::Ready(None)]);
    }

    #[tokio::test]
    async fn nothing_is_lost() {
        assert_eq!(Paced::new(stream::iter(0..100)).collect::<Vec<_>>().await, (0..100).collect::<Vec<_>>());
    }
}
